CREATE TABLE "farewells" (
	"person_id" text PRIMARY KEY NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "farewells_due" ON "farewells" USING btree ("due_at");