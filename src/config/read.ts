import type { ProblemList } from "./problems.ts";
import type { ValuesOf, Variable, Variables } from "./variable.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** Longer values are not shown: a key in the wrong variable must not be seen either. */
const MAX_SHOWN_CHARS = 24;

/** What is set, by name: without byte order mark, line ends, white space and quotes around it; the empty ones left out. */
export function tidy(env: Env): ReadonlyMap<string, string> {
  const entries = Object.entries(env).map(
    // What `trim` takes away includes byte order marks and line ends.
    ([name, value = ""]) => [name.trim(), unquote(value)] as const,
  );
  return new Map(entries.filter(([, value]) => value !== ""));
}

/** The value of every variable; what is wrong goes into `problems`, and the default or null takes its place. */
export function readVariables<Table extends Variables>(
  table: Table,
  set: ReadonlyMap<string, string>,
  problems: ProblemList,
): ValuesOf<Table> {
  const values = Object.entries(table).map(([name, variable]) => [
    name,
    readVariable(name, variable, set, problems),
  ]);
  // Each value came out of the parser of its own variable.
  return Object.fromEntries(values) as ValuesOf<Table>;
}

function readVariable(
  name: string,
  variable: Variable<unknown>,
  set: ReadonlyMap<string, string>,
  problems: ProblemList,
): unknown {
  const { parser, fallback, oldName } = variable;
  const usedName = oldName !== null && !set.has(name) && set.has(oldName) ? oldName : name;
  const text = set.get(usedName);
  if (text !== undefined) {
    const parsed = parser.safeParse(text);
    if (parsed.success) return parsed.data;
    const says = parsed.error.issues[0]?.message ?? "cannot be read";
    problems.add(usedName, `${says}${shown(text, variable)}`);
  }
  return fallback === null ? null : parser.parse(fallback);
}

const shown = (text: string, { isSecret }: Variable<unknown>): string =>
  isSecret || text.length > MAX_SHOWN_CHARS || text.includes("@")
    ? ""
    : ` (now ${JSON.stringify(text)})`;

/** Docker and systemd hand quotes through that a shell would take away. */
function unquote(text: string): string {
  const trimmed = text.trim();
  const inner = /^(["'])([^]*)\1$/.exec(trimmed)?.[2];
  return (inner ?? trimmed).trim();
}
