CREATE TABLE "episodes" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"audience" text NOT NULL,
	"summary" text NOT NULL,
	"topics" text[] NOT NULL,
	"tone" text,
	"tone_confidence" double precision NOT NULL,
	"participants" text[] NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"sources" text[] NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "intentions" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"audience" text NOT NULL,
	"text" text NOT NULL,
	"hash" text NOT NULL,
	"due_from" timestamp with time zone NOT NULL,
	"due_to" timestamp with time zone NOT NULL,
	"sources" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"turn_id" text,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "relations" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"audience" text NOT NULL,
	"from_key" text NOT NULL,
	"from_name" text NOT NULL,
	"type" text NOT NULL,
	"to_key" text NOT NULL,
	"to_name" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"sources" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "memories" DROP CONSTRAINT "memories_owner_id_people_id_fk";
--> statement-breakpoint
ALTER TABLE "memories" ADD COLUMN "author_id" text;--> statement-breakpoint
ALTER TABLE "episodes" ADD CONSTRAINT "episodes_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intentions" ADD CONSTRAINT "intentions_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "episodes_end" ON "episodes" USING btree ("conversation_id","ends_at");--> statement-breakpoint
CREATE INDEX "episodes_audience" ON "episodes" USING btree ("audience","ends_at");--> statement-breakpoint
CREATE INDEX "episodes_sources" ON "episodes" USING gin ("sources");--> statement-breakpoint
CREATE UNIQUE INDEX "intentions_open" ON "intentions" USING btree ("owner_id","audience","hash") WHERE "intentions"."done_at" is null;--> statement-breakpoint
CREATE INDEX "intentions_turn" ON "intentions" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "intentions_sources" ON "intentions" USING gin ("sources");--> statement-breakpoint
CREATE UNIQUE INDEX "relations_same" ON "relations" USING btree ("owner_id","audience","from_key","type","to_key") WHERE "relations"."valid_to" is null;--> statement-breakpoint
CREATE INDEX "relations_audience" ON "relations" USING btree ("audience");--> statement-breakpoint
CREATE INDEX "relations_sources" ON "relations" USING gin ("sources");