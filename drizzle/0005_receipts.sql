CREATE TABLE "memory_receipts" (
	"turn_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"added" text[] NOT NULL,
	"ended" text[] NOT NULL,
	"ended_by" text[] NOT NULL,
	"withheld" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"shown_at" timestamp with time zone,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "memory_receipts" ADD CONSTRAINT "memory_receipts_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_receipts" ADD CONSTRAINT "memory_receipts_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "memory_receipts_due" ON "memory_receipts" USING btree ("at") WHERE "memory_receipts"."shown_at" is null;