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
CREATE TABLE "components" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"action" text NOT NULL,
	"data" jsonb NOT NULL,
	"busy_until" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"audience" text NOT NULL,
	"name" text NOT NULL,
	"content_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"origin" text,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memories" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"audience" text NOT NULL,
	"said_to" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"hash" text NOT NULL,
	"is_key" boolean DEFAULT false NOT NULL,
	"is_pinned" boolean DEFAULT false NOT NULL,
	"confidence" double precision NOT NULL,
	"origin" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"superseded_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone,
	"uses" integer DEFAULT 0 NOT NULL,
	"stability" double precision NOT NULL,
	"difficulty" double precision NOT NULL,
	"reviewed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sources" text[] DEFAULT '{}' NOT NULL,
	"conversation_id" text,
	"vector" "bytea",
	"vector_by" text,
	"forgotten_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "memory_people" (
	"person_id" text PRIMARY KEY NOT NULL,
	"mode" text DEFAULT 'on' NOT NULL,
	"never" text[] DEFAULT '{}' NOT NULL,
	"forgotten_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "memory_recalls" (
	"turn_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"state" text NOT NULL,
	"facts" text[] NOT NULL,
	"messages" text[] NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memory_shelves" (
	"key" text PRIMARY KEY NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memory_unlearnt" (
	"person_id" text NOT NULL,
	"message_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memory_unlearnt_person_id_message_id_pk" PRIMARY KEY("person_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "preferences" (
	"holder" text PRIMARY KEY NOT NULL,
	"values" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reminders" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"audience" text NOT NULL,
	"place" jsonb NOT NULL,
	"to" text NOT NULL,
	"text" text NOT NULL,
	"zone" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"repeat" jsonb,
	"times_left" integer NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"leased_until" timestamp with time zone,
	"first_tried_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"origin" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "schedule_runs" (
	"schedule_id" bigint NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"turn_id" text NOT NULL,
	CONSTRAINT "schedule_runs_schedule_id_due_at_pk" PRIMARY KEY("schedule_id","due_at")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"audience" text NOT NULL,
	"principal" jsonb NOT NULL,
	"place" jsonb NOT NULL,
	"prompt" text NOT NULL,
	"zone" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"repeat" jsonb,
	"times_left" integer NOT NULL,
	"max_run_usd" double precision NOT NULL,
	"max_month_usd" double precision NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"leased_until" timestamp with time zone,
	"first_tried_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
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
ALTER TABLE "outbox" ADD COLUMN "card" jsonb;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "files" jsonb;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "decision" text;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "args_hash" text;--> statement-breakpoint
ALTER TABLE "steps" ADD COLUMN "taints" jsonb;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_grants" ADD CONSTRAINT "tool_grants_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD CONSTRAINT "memory_recalls_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD CONSTRAINT "memory_recalls_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_turn" ON "approvals" USING btree ("turn_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_follow_up" ON "approvals" USING btree ("follow_up");--> statement-breakpoint
CREATE INDEX "approvals_created" ON "approvals" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "tool_grants_person" ON "tool_grants" USING btree ("person_id","tool");--> statement-breakpoint
CREATE INDEX "components_owner" ON "components" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "components_expires" ON "components" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "files_audience" ON "files" USING btree ("audience","name");--> statement-breakpoint
CREATE INDEX "files_owner" ON "files" USING btree ("owner");--> statement-breakpoint
CREATE INDEX "files_origin" ON "files" USING btree ("origin");--> statement-breakpoint
CREATE UNIQUE INDEX "memories_same" ON "memories" USING btree ("owner_id","audience","hash") WHERE "memories"."valid_to" is null and "memories"."forgotten_at" is null;--> statement-breakpoint
CREATE INDEX "memories_owner" ON "memories" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "memories_held" ON "memories" USING btree ("owner_id") WHERE "memories"."valid_to" is null and "memories"."forgotten_at" is null;--> statement-breakpoint
CREATE INDEX "memories_audience" ON "memories" USING btree ("audience");--> statement-breakpoint
CREATE INDEX "memories_forgotten" ON "memories" USING btree ("forgotten_at") WHERE "memories"."forgotten_at" is not null;--> statement-breakpoint
CREATE INDEX "memories_sources" ON "memories" USING gin ("sources");--> statement-breakpoint
CREATE INDEX "memory_unlearnt_message" ON "memory_unlearnt" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "reminders_due" ON "reminders" USING btree ("due_at") WHERE "reminders"."state" = 'open';--> statement-breakpoint
CREATE INDEX "reminders_owner" ON "reminders" USING btree ("owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reminders_origin" ON "reminders" USING btree ("origin");--> statement-breakpoint
CREATE UNIQUE INDEX "schedule_runs_turn" ON "schedule_runs" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "schedules_due" ON "schedules" USING btree ("due_at") WHERE "schedules"."state" = 'open';--> statement-breakpoint
CREATE INDEX "schedules_owner" ON "schedules" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "secrets_key" ON "secrets" USING btree ("key_id");