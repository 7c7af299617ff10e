ALTER TABLE "farewells" ADD COLUMN "forgotten_before" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "intentions_owner" ON "intentions" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "messages_author" ON "messages" USING btree ("author_id","sent_at");--> statement-breakpoint
CREATE INDEX "turns_conversation" ON "turns" USING btree ("conversation_id","seq");--> statement-breakpoint
CREATE INDEX "turns_trigger" ON "turns" USING btree ("trigger_id");