CREATE TABLE "mcp_questions" (
	"id" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"audience" text NOT NULL,
	"question" jsonb NOT NULL,
	"answer" jsonb,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "mcp_questions_person" ON "mcp_questions" USING btree ("person");