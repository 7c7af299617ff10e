import { sql } from "drizzle-orm/sql";
import { MAX_INSTRUCTION_CHARS, MAX_OWN_SKILLS, type OwnSkills } from "../core/own-skills.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { SkillText } from "../lib/skill-text.ts";
import { rows, type Db } from "./database.ts";
import { toText } from "./json.ts";

export function createOwnSkills(db: Db): OwnSkills {
  return {
    list: async (scope) =>
      rows<SkillText>(
        db,
        sql`select name, description, instructions from skills where owner = ${ownerOf(scope)} order by name`,
      ),

    async save(scope, { name, description, instructions }) {
      const owner = ownerOf(scope);
      const saved = await rows(
        db,
        sql`
          insert into skills (owner, name, description, instructions)
          select ${owner}, ${name}, ${toText(description)}, ${toText(instructions.slice(0, MAX_INSTRUCTION_CHARS))}
          where exists (select from skills where owner = ${owner} and name = ${name})
            or (select count(*) from skills where owner = ${owner}) < ${MAX_OWN_SKILLS}
          on conflict (owner, name) do update set description = excluded.description,
            instructions = excluded.instructions, changed_at = now()
          returning name`,
      );
      return saved.length > 0 ? "saved" : "full";
    },

    async remove(scope, name) {
      const gone = await rows(
        db,
        sql`delete from skills where owner = ${ownerOf(scope)} and name = ${name} returning name`,
      );
      return gone.length > 0;
    },
  };
}

/** A scope that contradicts itself is nobody's. */
function ownerOf(scope: Scope): string {
  readableKeys(scope);
  return scope.principal.userId;
}
