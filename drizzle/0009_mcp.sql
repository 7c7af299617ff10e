CREATE TABLE "mcp_access" (
	"server_id" text NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	CONSTRAINT "mcp_access_server_id_kind_key_pk" PRIMARY KEY("server_id","kind","key")
);
--> statement-breakpoint
CREATE TABLE "mcp_servers" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"source" jsonb NOT NULL,
	"launch" jsonb NOT NULL,
	"is_enabled" boolean NOT NULL,
	"is_hot_reload" boolean DEFAULT false NOT NULL,
	"origin" text NOT NULL,
	"installed_by" text,
	"timeout_ms" integer NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'off' NOT NULL,
	"state_detail" text,
	"state_since" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mcp_sign_ins" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"holder" text NOT NULL,
	"started_by" text NOT NULL,
	"started_by_name" text NOT NULL,
	"sealed" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mcp_tools" (
	"server_id" text NOT NULL,
	"name" text NOT NULL,
	"offered_name" text NOT NULL,
	"hash" text NOT NULL,
	"description" text NOT NULL,
	"input_schema" jsonb NOT NULL,
	"output_schema" jsonb,
	"annotations" jsonb NOT NULL,
	"is_listed" boolean DEFAULT true NOT NULL,
	"approved_hash" text,
	"approved_description" text,
	"approved_by" text,
	"approved_at" timestamp with time zone,
	CONSTRAINT "mcp_tools_server_id_name_pk" PRIMARY KEY("server_id","name")
);
--> statement-breakpoint
ALTER TABLE "mcp_access" ADD CONSTRAINT "mcp_access_server_id_mcp_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."mcp_servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_sign_ins" ADD CONSTRAINT "mcp_sign_ins_server_id_mcp_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."mcp_servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_tools" ADD CONSTRAINT "mcp_tools_server_id_mcp_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."mcp_servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mcp_servers_name" ON "mcp_servers" USING btree ("owner","name");--> statement-breakpoint
CREATE INDEX "mcp_sign_ins_holder" ON "mcp_sign_ins" USING btree ("server_id","holder");--> statement-breakpoint
CREATE INDEX "mcp_sign_ins_expiry" ON "mcp_sign_ins" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mcp_tools_offered" ON "mcp_tools" USING btree ("server_id","offered_name");