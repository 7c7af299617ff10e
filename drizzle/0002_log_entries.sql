CREATE TABLE "log_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "log_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"level" text NOT NULL,
	"event" text NOT NULL,
	"room" text,
	"fields" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "log_entries_at" ON "log_entries" USING btree ("at");