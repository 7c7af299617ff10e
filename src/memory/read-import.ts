import { z } from "zod";
import { FACT_KINDS, type FactKind } from "../core/memory.ts";
import { kindOf } from "./by-rule.ts";

/** Of one import: more are told of, and come with the next one. */
export const MAX_IMPORTED = 1_000;
/** A dump with its vectors is large; more than that is read by nobody at once. */
export const MAX_IMPORT_BYTES = 8_000_000;

export interface ImportedFact {
  readonly text: string;
  readonly kind: FactKind;
  readonly subject: string;
  readonly isKey: boolean;
  /** ISO time; null when the file does not say since when. */
  readonly validFrom: string | null;
}

export type ImportForm = "clara" | "mem0" | "vectors" | "lines";

export type ReadImport =
  | {
      readonly kind: "read";
      readonly form: ImportForm;
      readonly facts: readonly ImportedFact[];
      /** What the file holds and is not taken. */
      readonly left: {
        /** Hold no longer. */
        readonly ended: number;
        /** Belong to somebody else, by the file's own words. */
        readonly others: number;
        /** Have no words. */
        readonly empty: number;
        /** Beyond what one import takes. */
        readonly tooMany: number;
      };
    }
  | { readonly kind: "unreadable" };

/**
 * Memories from an export of ours, from mem0's (`get_all`, or an export of its platform), from a dump of the points or
 * rows that mem0 keeps in Qdrant or pgvector, or from a list with one on each line. `owners`: by which names the person
 * may stand in the file; what stands under another name is somebody else's.
 */
export function readImport(content: string, owners: readonly string[]): ReadImport {
  const text = content.replace(/^\uFEFF/, "").trim();
  const parsed = /^[[{]/.test(text)
    ? documentIn(text)
    : { items: linesIn(text), form: "lines" as const };
  if (parsed === null) return { kind: "unreadable" };
  const items = parsed.items.flatMap((item) => toItem(item) ?? []);
  const named = new Set(items.flatMap(({ owner }) => owner ?? []));
  // A file of one person, under a name that is nobody's here, is whose file it is.
  const isTheirs = (owner: string | null) =>
    owner === null || owners.includes(owner) || (named.size === 1 && !/\d{15,}/.test(owner));
  const own = items.filter(({ owner }) => isTheirs(owner));
  const valid = own.filter(({ ended }) => !ended);
  const form = parsed.form ?? formOf(parsed.items);
  return {
    kind: "read",
    form,
    facts: valid.slice(0, MAX_IMPORTED).map(({ fact }) => fact),
    left: {
      ended: own.length - valid.length,
      others: items.length - own.length,
      empty: parsed.items.length - items.length,
      tooMany: Math.max(0, valid.length - MAX_IMPORTED),
    },
  };
}

interface Item {
  readonly fact: ImportedFact;
  readonly owner: string | null;
  readonly ended: boolean;
}

interface Found {
  readonly items: readonly unknown[];
  /** null: as its items show. */
  readonly form: ImportForm | null;
}

const linesIn = (text: string): readonly unknown[] =>
  text
    .split("\n")
    .map((line) => line.replace(/^\s*[-*]\s+/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ text: line }));

/** One document, or one on each line. null when it is cut off, or of another form. */
function documentIn(text: string): Found | null {
  const whole = parse(text);
  if (whole === undefined) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const items = lines.map(parse);
    return lines.length < 2 || items.includes(undefined) ? null : { items, form: null };
  }
  if (Array.isArray(whole)) return { items: whole as readonly unknown[], form: null };
  const holder = document.safeParse(whole);
  if (!holder.success) return null;
  const { format, memories, results, points, result } = holder.data;
  const items = memories ?? results ?? points ?? result?.points;
  return items ? { items, form: format === "clara-memories" ? "clara" : null } : null;
}

const document = z.looseObject({
  format: z.string().nullish().catch(null),
  memories: z.array(z.unknown()).nullish(),
  results: z.array(z.unknown()).nullish(),
  points: z.array(z.unknown()).nullish(),
  // As Qdrant's own interface answers.
  result: z
    .looseObject({ points: z.array(z.unknown()).nullish() })
    .nullish()
    .catch(null),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // No JSON.
  }
}

const words = z.string().trim().min(1);
const name = z.union([z.string(), z.number()]).transform(String).nullish().catch(null);
const moment = z
  .union([z.iso.datetime({ offset: true, local: true }), z.iso.date()])
  .nullish()
  .catch(null);
const flag = z
  .union([z.boolean(), z.literal(["true", "false"])])
  .nullish()
  .catch(null);

/** Ours, mem0's, and what mem0 keeps beside a vector: `data` are the words there. */
const entry = z.looseObject({
  text: words.nullish().catch(null),
  memory: words.nullish().catch(null),
  data: words.nullish().catch(null),
  kind: z.enum(FACT_KINDS).nullish().catch(null),
  subject: z.string().trim().nullish().catch(null),
  isKey: flag,
  is_key: flag,
  validFrom: moment,
  validTo: z.string().nullish().catch(null),
  created_at: moment,
  user_id: name,
});
const metadata = z.looseObject({ is_key: flag, user_id: name }).nullish().catch(null);
const point = z.looseObject({
  payload: z
    .union([z.looseObject({}), z.string()])
    .nullish()
    .catch(null),
  metadata: z.unknown().optional(),
});

function toItem(given: unknown): Item | null {
  const outer = point.safeParse(typeof given === "string" ? { memory: given } : given);
  if (!outer.success) return null;
  const { payload } = outer.data;
  const inner = typeof payload === "string" ? parse(payload) : (payload ?? outer.data);
  const found = entry.safeParse(inner);
  const text = found.data?.text ?? found.data?.memory ?? found.data?.data;
  if (!found.data || text === null || text === undefined) return null;
  const more = metadata.parse(outer.data.metadata);
  const { kind, subject, isKey, is_key: key, validFrom, validTo, created_at: made } = found.data;
  return {
    fact: {
      text,
      kind: kind ?? kindOf(text),
      subject: subject ?? "",
      isKey: [isKey, key, more?.is_key].some((each) => String(each) === "true"),
      validFrom: validFrom ?? made ?? null,
    },
    owner: found.data.user_id ?? more?.user_id ?? null,
    ended: (validTo ?? null) !== null,
  };
}

function formOf([first]: readonly unknown[]): ImportForm {
  const found = point.safeParse(first);
  if (found.success && found.data.payload) return "vectors";
  return found.success && "memory" in found.data ? "mem0" : "clara";
}
