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
CREATE TABLE "time_zones" (
	"person_id" text PRIMARY KEY NOT NULL,
	"zone" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "time_zones" ADD CONSTRAINT "time_zones_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reminders_due" ON "reminders" USING btree ("due_at") WHERE "reminders"."state" = 'open';--> statement-breakpoint
CREATE INDEX "reminders_owner" ON "reminders" USING btree ("owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reminders_origin" ON "reminders" USING btree ("origin");--> statement-breakpoint
CREATE UNIQUE INDEX "schedule_runs_turn" ON "schedule_runs" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "schedules_due" ON "schedules" USING btree ("due_at") WHERE "schedules"."state" = 'open';--> statement-breakpoint
CREATE INDEX "schedules_owner" ON "schedules" USING btree ("owner_id");