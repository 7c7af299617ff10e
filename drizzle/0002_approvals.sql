CREATE TABLE "approvals" (
	"id" text PRIMARY KEY NOT NULL,
	"turn_id" text NOT NULL,
	"revision" integer NOT NULL,
	"audience" text NOT NULL,
	"conversation_id" text NOT NULL,
	"guild_id" text,
	"person_id" text NOT NULL,
	"tool" text NOT NULL,
	"effect" text NOT NULL,
	"input" jsonb NOT NULL,
	"args_hash" text NOT NULL,
	"what" text NOT NULL,
	"target" text NOT NULL,
	"reversible" boolean NOT NULL,
	"clicker" text NOT NULL,
	"taints" jsonb NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"choice" text,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"follow_up" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tool_grants" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tool_grants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person_id" text NOT NULL,
	"audience" text NOT NULL,
	"tool" text NOT NULL,
	"conversation_id" text,
	"args_hash" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tool_rules" (
	"holder" text NOT NULL,
	"tool" text NOT NULL,
	"verdict" text NOT NULL,
	"clicker" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tool_rules_holder_tool_pk" PRIMARY KEY("holder","tool")
);
--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "card" jsonb;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "decision" text;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "args_hash" text;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "taints" jsonb;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_grants" ADD CONSTRAINT "tool_grants_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_turn" ON "approvals" USING btree ("turn_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_follow_up" ON "approvals" USING btree ("follow_up");--> statement-breakpoint
CREATE INDEX "approvals_created" ON "approvals" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "tool_grants_person" ON "tool_grants" USING btree ("person_id","tool");