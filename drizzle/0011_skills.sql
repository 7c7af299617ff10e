CREATE TABLE "skills" (
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"instructions" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "skills_owner_name_pk" PRIMARY KEY("owner","name")
);
