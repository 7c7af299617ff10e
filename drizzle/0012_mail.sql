CREATE TABLE "mail_accounts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"address" text NOT NULL,
	"login" text NOT NULL,
	"provider" text NOT NULL,
	"auth" text NOT NULL,
	"imap" jsonb NOT NULL,
	"smtp" jsonb,
	"state" text DEFAULT 'active' NOT NULL,
	"problem" text,
	"refusals" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"noticed_at" timestamp with time zone,
	"channel" jsonb,
	"pings" boolean DEFAULT false NOT NULL,
	"quiet_from" integer,
	"quiet_to" integer,
	"digest_at" integer DEFAULT 480 NOT NULL,
	"poll_minutes" integer NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"leased_by" text,
	"leased_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_alerts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"mail_id" bigint,
	"problem" text,
	"pings" boolean NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"leased_until" timestamp with time zone,
	"first_tried_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"told_at" timestamp with time zone,
	"said_as" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_drafts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"owner_id" text NOT NULL,
	"to" jsonb NOT NULL,
	"cc" jsonb NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"in_reply_to" text,
	"references" jsonb NOT NULL,
	"message_id" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"detail" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_folders" (
	"account_id" bigint NOT NULL,
	"path" text NOT NULL,
	"uid_validity" bigint NOT NULL,
	"last_uid" bigint NOT NULL,
	"rebase_up_to" bigint DEFAULT 0 NOT NULL,
	"rebase_from" timestamp with time zone,
	"newest_at" timestamp with time zone,
	"checked_at" timestamp with time zone,
	CONSTRAINT "mail_folders_account_id_path_pk" PRIMARY KEY("account_id","path")
);
--> statement-breakpoint
CREATE TABLE "mail_messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"path" text NOT NULL,
	"uid_validity" bigint NOT NULL,
	"uid" bigint NOT NULL,
	"fingerprint" text NOT NULL,
	"message_id" text,
	"from_address" text NOT NULL,
	"from_name" text NOT NULL,
	"subject" text NOT NULL,
	"snippet" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"size_bytes" bigint NOT NULL,
	"dmarc" text NOT NULL,
	"list_id" text,
	"unsubscribe" jsonb,
	"attachments" jsonb NOT NULL,
	"action" text NOT NULL,
	"rule_name" text,
	"importance" text NOT NULL,
	"label" text,
	"prompt" text,
	"digest_id" bigint,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_rules" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"account_id" bigint,
	"name" text NOT NULL,
	"is_enabled" boolean NOT NULL,
	"priority" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"importance" text NOT NULL,
	"action" text NOT NULL,
	"pings" boolean,
	"label" text,
	"prompt" text,
	"preset" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mail_accounts" ADD CONSTRAINT "mail_accounts_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_alerts" ADD CONSTRAINT "mail_alerts_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_alerts" ADD CONSTRAINT "mail_alerts_mail_id_mail_messages_id_fk" FOREIGN KEY ("mail_id") REFERENCES "public"."mail_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_drafts" ADD CONSTRAINT "mail_drafts_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_drafts" ADD CONSTRAINT "mail_drafts_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_events" ADD CONSTRAINT "mail_events_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_folders" ADD CONSTRAINT "mail_folders_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_messages" ADD CONSTRAINT "mail_messages_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_rules" ADD CONSTRAINT "mail_rules_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_rules" ADD CONSTRAINT "mail_rules_account_id_mail_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."mail_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mail_accounts_address" ON "mail_accounts" USING btree ("owner_id","address");--> statement-breakpoint
CREATE INDEX "mail_alerts_due" ON "mail_alerts" USING btree ("due_at") WHERE "mail_alerts"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "mail_alerts_mail" ON "mail_alerts" USING btree ("mail_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_alerts_digest" ON "mail_alerts" USING btree ("account_id") WHERE kind = 'digest' and state = 'open' and first_tried_at is null;--> statement-breakpoint
CREATE INDEX "mail_alerts_account" ON "mail_alerts" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "mail_drafts_owner" ON "mail_drafts" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "mail_events_account" ON "mail_events" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_messages_key" ON "mail_messages" USING btree ("account_id","path","uid_validity","uid");--> statement-breakpoint
CREATE INDEX "mail_messages_fingerprint" ON "mail_messages" USING btree ("account_id","fingerprint");--> statement-breakpoint
CREATE INDEX "mail_messages_digest" ON "mail_messages" USING btree ("digest_id");--> statement-breakpoint
CREATE INDEX "mail_messages_seen" ON "mail_messages" USING btree ("account_id","seen_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_rules_name" ON "mail_rules" USING btree ("owner_id","name");