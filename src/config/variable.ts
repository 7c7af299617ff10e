import { secretText, type Parser } from "./parsers.ts";

/** One environment variable: the single source for reading it, for .env.example and for docs/CONFIGURATION.md. */
export interface Variable<Value> {
  /** What it is for, in one line. */
  readonly help: string;
  readonly parser: Parser<NonNullable<Value>>;
  /** As one would write it; null when the variable is simply not set. */
  readonly fallback: string | null;
  /** Neither its value nor a piece of it is ever shown. */
  readonly isSecret: boolean;
  /** platform: set by the place where Clara runs, so it is only in the docs. test: in neither. */
  readonly setBy: "person" | "platform" | "test";
  /** Read when the variable itself is not set. */
  readonly oldName: string | null;
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;

export type ValuesOf<Table extends Variables> = {
  readonly [Name in keyof Table]: Table[Name] extends Variable<infer Value> ? Value : never;
};

const plain = { fallback: null, isSecret: false, setBy: "person", oldName: null } as const;

export const optional = <Value>(help: string, parser: Parser<Value>): Variable<Value | null> => ({
  ...plain,
  help,
  // NonNullable of a type that a parser made: none of ours makes null.
  parser: parser as Parser<NonNullable<Value>>,
});

export const withDefault = <Value>(
  fallback: string,
  help: string,
  parser: Parser<Value>,
): Variable<Value> => ({ ...plain, help, fallback, parser: parser as Parser<NonNullable<Value>> });

export const secret = (
  help: string,
  parser: Parser<string> = secretText,
): Variable<string | null> => ({ ...plain, help, parser, isSecret: true });
