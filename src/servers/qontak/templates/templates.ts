import type { Asker, QontakApi } from "../api/client.ts";
import { Failure } from "../../kit/failure.ts";
import { check, type Checked, type CheckRules, type Draft, type Good } from "./check.ts";
import { templateSchema, toField, type TemplateField } from "./field.ts";

export interface Templates {
  readonly of: (asker: Asker, path: string) => Promise<readonly TemplateField[]>;
  /** Throws MISSING_REQUIRED_FIELDS or INVALID_ARGUMENT. */
  readonly checked: (
    asker: Asker,
    path: string,
    rules: CheckRules,
    draftOf: (fields: readonly TemplateField[]) => Draft,
  ) => Promise<Good>;
}

/** The forms of a company. Kept for a while; before one says no, it is read anew. */
export function createTemplates(api: QontakApi): Templates {
  const load = async (asker: Asker, path: string, isFresh: boolean) => {
    const question = { kind: "templates", path: `${path}/info`, schema: templateSchema } as const;
    const read = await api.remembered(asker, { ...question, isFresh });
    return { fields: read.value.map(toField), isFresh: read.isFresh };
  };
  return {
    of: async (asker, path) => (await load(asker, path, false)).fields,
    async checked(asker, path, rules, draftOf) {
      const known = await load(asker, path, false);
      const first = attempt(known.fields, draftOf, rules);
      if (first.kind === "good") return first;
      if (known.isFresh) throw first.failure;
      const { fields } = await load(asker, path, true);
      const again = attempt(fields, draftOf, rules);
      if (again.kind === "bad") throw again.failure;
      return again;
    },
  };
}

/** What was said in words may have no number in this template: that is a no, too. */
function attempt(
  fields: readonly TemplateField[],
  draftOf: (fields: readonly TemplateField[]) => Draft,
  rules: CheckRules,
): Checked {
  try {
    return check(fields, draftOf(fields), rules);
  } catch (thrown) {
    if (thrown instanceof Failure) return { kind: "bad", failure: thrown };
    throw thrown;
  }
}
