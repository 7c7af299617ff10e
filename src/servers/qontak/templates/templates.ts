import type { Asker, QontakApi } from "../api/client.ts";
import { check, type CheckRules, type Draft } from "./check.ts";
import type { WrittenField } from "./custom-fields.ts";
import { readTemplate, type TemplateField } from "./field.ts";

export interface Templates {
  readonly of: (asker: Asker, path: string) => Promise<readonly TemplateField[]>;
  /** Custom fields as they are written. Throws MISSING_REQUIRED_FIELDS or INVALID_ARGUMENT. */
  readonly checked: (
    asker: Asker,
    path: string,
    rules: CheckRules,
    draftOf: (fields: readonly TemplateField[]) => Draft,
  ) => Promise<readonly WrittenField[]>;
}

/** The forms of a company. Kept for a while; before one says no, it is read anew. */
export function createTemplates(api: QontakApi): Templates {
  const load = async (asker: Asker, path: string, isFresh: boolean) => {
    const read = await api.remembered(asker, { kind: "templates", path: `${path}/info`, isFresh });
    return { fields: readTemplate(read.value), isFresh: read.isFresh };
  };
  return {
    of: async (asker, path) => (await load(asker, path, false)).fields,
    async checked(asker, path, rules, draftOf) {
      const known = await load(asker, path, false);
      const first = check(known.fields, draftOf(known.fields), rules);
      if (first.kind === "good") return first.custom;
      if (known.isFresh) throw first.failure;
      const { fields } = await load(asker, path, true);
      const again = check(fields, draftOf(fields), rules);
      if (again.kind === "bad") throw again.failure;
      return again.custom;
    },
  };
}
