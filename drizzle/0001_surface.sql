CREATE TABLE "components" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"action" text NOT NULL,
	"data" jsonb NOT NULL,
	"busy_until" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "preferences" (
	"holder" text PRIMARY KEY NOT NULL,
	"values" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"sealed" text NOT NULL,
	"key_id" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "secrets_owner_name_pk" PRIMARY KEY("owner","name")
);
--> statement-breakpoint
CREATE INDEX "components_owner" ON "components" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "components_expires" ON "components" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "secrets_key" ON "secrets" USING btree ("key_id");