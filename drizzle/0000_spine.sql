CREATE TABLE "channel_settings" (
	"channel_id" text PRIMARY KEY NOT NULL,
	"guild_id" text,
	"mode" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"kind" text NOT NULL,
	"guild_id" text,
	"channel_id" text NOT NULL,
	"parent_id" text,
	"title" text NOT NULL,
	"audience" text NOT NULL,
	"watermark" text,
	"watermark_at" timestamp with time zone,
	"unfolded" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gate_decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "gate_decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"message_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"guild_id" text,
	"author_id" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"audience" text NOT NULL,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"role" text NOT NULL,
	"text" text NOT NULL,
	"reply_to" text,
	"attachments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"edited_at" timestamp with time zone,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"turn_id" text NOT NULL,
	"part" integer NOT NULL,
	"nonce" text NOT NULL,
	"content" text NOT NULL,
	"file" jsonb,
	"state" text NOT NULL,
	"message_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_turn_id_part_pk" PRIMARY KEY("turn_id","part")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" text PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"display_name" text NOT NULL,
	"is_bot" boolean DEFAULT false NOT NULL,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"turn_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"guild_id" text,
	"usd" double precision NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "steps" (
	"turn_id" text NOT NULL,
	"revision" integer NOT NULL,
	"seq" integer NOT NULL,
	"generation" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"effect" text NOT NULL,
	"input" jsonb NOT NULL,
	"result" jsonb,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "steps_turn_id_revision_seq_pk" PRIMARY KEY("turn_id","revision","seq")
);
--> statement-breakpoint
CREATE TABLE "summaries" (
	"conversation_id" text PRIMARY KEY NOT NULL,
	"audience" text NOT NULL,
	"text" text NOT NULL,
	"up_to" text NOT NULL,
	"up_to_at" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "turns" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"conversation_id" text NOT NULL,
	"audience" text NOT NULL,
	"person_id" text NOT NULL,
	"principal" jsonb NOT NULL,
	"guild_id" text,
	"trigger_id" text NOT NULL,
	"trigger" text NOT NULL,
	"tier" text,
	"absorbed" text[] DEFAULT '{}' NOT NULL,
	"merged_into" text,
	"revision" integer DEFAULT 0 NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"cancel_reason" text,
	"outcome" jsonb,
	"job_id" uuid NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"worker" integer,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "usage" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"turn_id" text,
	"person_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"guild_id" text,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"cached_input_tokens" integer NOT NULL,
	"cache_write_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cost_usd" double precision,
	"counted_usd" double precision NOT NULL,
	"estimated" boolean NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_author_id_people_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "summaries" ADD CONSTRAINT "summaries_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_trigger_id_messages_id_fk" FOREIGN KEY ("trigger_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage" ADD CONSTRAINT "usage_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage" ADD CONSTRAINT "usage_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage" ADD CONSTRAINT "usage_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_platform" ON "conversations" USING btree ("platform","watermark_at");--> statement-breakpoint
CREATE INDEX "gate_decisions_message" ON "gate_decisions" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "gate_decisions_at" ON "gate_decisions" USING btree ("at");--> statement-breakpoint
CREATE INDEX "messages_conversation" ON "messages" USING btree ("conversation_id","sent_at","id");--> statement-breakpoint
CREATE INDEX "messages_answer" ON "messages" USING btree ("reply_to") WHERE "messages"."role" = 'clara';--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_nonce" ON "outbox" USING btree ("nonce");--> statement-breakpoint
CREATE INDEX "outbox_message" ON "outbox" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "turns_open" ON "turns" USING btree ("conversation_id","seq") WHERE "turns"."state" in ('queued', 'running', 'delivering');--> statement-breakpoint
CREATE INDEX "usage_at" ON "usage" USING btree ("at");--> statement-breakpoint
CREATE INDEX "usage_person" ON "usage" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "usage_conversation" ON "usage" USING btree ("conversation_id","at");--> statement-breakpoint
CREATE INDEX "usage_guild" ON "usage" USING btree ("guild_id","at");