ALTER TABLE "files" ADD COLUMN "state" text DEFAULT 'kept' NOT NULL;--> statement-breakpoint
CREATE INDEX "files_unsettled" ON "files" USING btree ("saved_at") WHERE state <> 'kept';