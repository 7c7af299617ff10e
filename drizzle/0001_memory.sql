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
ALTER TABLE "memories" ADD CONSTRAINT "memories_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD CONSTRAINT "memory_recalls_turn_id_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD CONSTRAINT "memory_recalls_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "memories_same" ON "memories" USING btree ("owner_id","audience","hash") WHERE "memories"."valid_to" is null and "memories"."forgotten_at" is null;--> statement-breakpoint
CREATE INDEX "memories_owner" ON "memories" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "memories_held" ON "memories" USING btree ("owner_id") WHERE "memories"."valid_to" is null and "memories"."forgotten_at" is null;--> statement-breakpoint
CREATE INDEX "memories_audience" ON "memories" USING btree ("audience");--> statement-breakpoint
CREATE INDEX "memories_forgotten" ON "memories" USING btree ("forgotten_at") WHERE "memories"."forgotten_at" is not null;--> statement-breakpoint
CREATE INDEX "memories_sources" ON "memories" USING gin ("sources");--> statement-breakpoint
CREATE INDEX "memory_unlearnt_message" ON "memory_unlearnt" USING btree ("message_id");