CREATE TABLE "google_links" (
	"owner" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"id_hash" text NOT NULL,
	"state_hash" text,
	"challenge" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "google_locks" (
	"owner" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "google_links_id" ON "google_links" USING btree ("id_hash");--> statement-breakpoint
CREATE INDEX "google_links_state" ON "google_links" USING btree ("state_hash");