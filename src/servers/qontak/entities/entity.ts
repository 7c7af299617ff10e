import type { z } from "zod";
import type { Asker } from "../api/client.ts";
import type { Row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import type { Place } from "../templates/requirements.ts";

/** A filter of a list. */
export interface Filter {
  readonly schema: z.ZodType;
  /** Qontak does not document it and may ignore it: this field of a row says whether it was heard. */
  readonly field?: string;
  /** As Qontak wants it. */
  readonly to?: (value: string) => string;
}

/** Another name for a field, from the original server; or words instead of a number. */
export interface Word {
  readonly of: string;
  readonly schema: z.ZodType;
  readonly to: (value: unknown) => unknown;
  /** Names that the template's options may have, by what the caller says. */
  readonly options?: Readonly<Record<string, readonly string[]>>;
  /** The original took it there only. */
  readonly isForUpdate?: boolean;
}

/** Fields that callers know by another name: `user_id` says whose account it is. */
export const ARGUMENTS: Readonly<Record<string, string>> = { user_id: "assignee_id" };

export interface Written {
  /** What is to change; what is `kept` is not in it. */
  readonly body: Row;
  /** null for a new one. */
  readonly current: Row | null;
}

/** One kind of thing in the CRM, and all that its tools differ in. */
export interface Entity {
  /** In names of tools: get_<one>, list_<many>. */
  readonly one: string;
  readonly many: string;
  /** In words for people. */
  readonly says: string;
  readonly path: string;
  readonly idName: string;
  /** Shown in tables. */
  readonly columns: readonly string[];
  readonly filters: Readonly<Record<string, Filter>>;
  /** By the names that Qontak writes them under. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** Without these, or another name of theirs, no create. */
  readonly required: readonly string[];
  /** Qontak wants these with each update: they are sent as they are. */
  readonly kept: readonly string[];
  readonly words: Readonly<Record<string, Word>>;
  readonly takesCustom: boolean;
  /** Longest texts, by field. */
  readonly lengths: Readonly<Record<string, number>>;
  /** null: there is none. */
  readonly template: TemplateRules | null;
  /** The last word on what is sent. */
  readonly prepare?: (deps: QontakDeps, asker: Asker, written: Written) => Promise<Row>;
}

export interface TemplateRules {
  readonly minimum: readonly string[];
  /** Arguments of get_required_fields_for_<one>: where the record will be. */
  readonly placeIn: Readonly<Record<string, z.ZodType>>;
  /** Fields that move a record when they change. */
  readonly moves: readonly string[];
  /** Throws INVALID_ARGUMENT for a place that is none. */
  readonly place: (deps: QontakDeps, asker: Asker, fields: Row) => Promise<Place>;
}

export const word = <Schema extends z.ZodType>(
  of: string,
  schema: Schema,
  to: (value: z.output<Schema>) => unknown = (value) => value,
): Word => ({ of, schema, to: to as (value: unknown) => unknown });
