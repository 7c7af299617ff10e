import { isIP } from "node:net";
import { Cron } from "croner";
import { z } from "zod";
import { isTimeZone } from "../lib/time-zone.ts";
import { toMasterKey, type MasterKey } from "../lib/seal.ts";

/**
 * From the text of one variable to its value. Messages finish the sentence that begins with the variable's name,
 * say what would be right, and never hold the value: it may be a secret in the wrong place.
 */
export type Parser<Value> = z.ZodType<Value, string>;

type Refuse = (message: string) => never;

const parser = <Value>(read: (text: string, refuse: Refuse) => Value): Parser<Value> =>
  z.string().transform((text, context) =>
    read(text, (message) => {
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    }),
  );

export const anyText = z.string();

/** Upper and lower case are one. `aliases` are accepted and not advertised. */
export function oneOf<const Names extends readonly [string, ...string[]]>(
  names: Names,
  aliases: Readonly<Record<string, Names[number]>> = {},
): Parser<Names[number]> {
  return z
    .string()
    .transform((text) => aliases[text.toLowerCase()] ?? text.toLowerCase())
    .pipe(z.enum(names, { error: `must be ${listed(names)}` }));
}

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  1: true,
  false: false,
  off: false,
  no: false,
  0: false,
};

export const flag = parser(
  (text, refuse) => FLAGS[text.toLowerCase()] ?? refuse("must be on or off"),
);

export const wholeNumber = (min: number, max: number): Parser<number> =>
  parser((text, refuse) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    return refuse(`must be a whole number from ${min} to ${max}`);
  });

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1_024, m: 1_024 ** 2, g: 1_024 ** 3 };

/** Bytes, as Docker writes them: 512m, 1g. */
export const size = (min: number, max: number): Parser<number> =>
  parser((text, refuse) => {
    const found = /^(\d{1,12})([kmg]?)b?$/i.exec(text);
    const value = found ? Number(found[1]) * (UNITS[(found[2] ?? "").toLowerCase()] ?? NaN) : NaN;
    if (value >= min && value <= max) return value;
    return refuse(`must be a size such as 512m or 2g, from ${inMib(min)} to ${inMib(max)}`);
  });

const inMib = (bytes: number): string => `${bytes / 1_024 ** 2}m`;

const MAX_CORES = 256;

/** For example 0.5. */
export const cores: Parser<number> = parser((text, refuse) => {
  const value = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= 0.1 && value <= MAX_CORES
    ? value
    : refuse("must be a number of cores from 0.1 up, such as 1.5");
});

/** Where a Docker engine answers. */
export const dockerHost: Parser<string> = parser((text, refuse) =>
  /^unix:\/\/\/.+$/.test(text) || /^tcp:\/\/[^/]+:\d+\/?$/.test(text)
    ? text
    : refuse("must look like unix:///var/run/docker.sock or tcp://127.0.0.1:2375"),
);

const MAX_USD = 1_000_000;

/** US dollars. Zero is refused, since it could mean "nothing" as well as "no limit". */
export const dollars: Parser<number> = parser((text, refuse) => {
  const value = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value > 0 && value <= MAX_USD) return value;
  return refuse("must be an amount above 0 such as 2.50, or left out for no limit");
});

/** Separated by commas; the first one seals. */
export const masterKeys: Parser<readonly MasterKey[]> = parser((text, refuse) => {
  const keys = text.split(",").flatMap((each) => toMasterKey(each.trim()) ?? []);
  return keys.length === text.split(",").length
    ? keys
    : refuse("must be keys as `clara new-key` prints them, with commas between");
});

/** Keys and tokens. They travel in HTTP headers, which bear no white space and no letters beyond ASCII. */
export const secretText: Parser<string> = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "holds white space or letters that no key has; copy it once more");

/** For a header that people may write: a site, a title. */
export const headerText: Parser<string> = z
  .string()
  .regex(/^[\x20-\x7e]*$/, "must be plain ASCII text, since it travels in an HTTP header");

/** Without the slash at its end. */
export const httpUrl: Parser<string> = parser((text, refuse) => {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    return refuse("must be an address that begins with http:// or https://");
  if (url.username !== "" || url.password !== "")
    return refuse("must not hold a user name or password");
  return text.replace(/\/+$/, "");
});

/** As `pg` takes it. The original's `postgresql+psycopg2://` is understood. */
export const postgresUrl: Parser<string> = parser((text, refuse) => {
  const url = text.replace(/^(postgres(?:ql)?)\+\w+:/, "$1:");
  if (/^sqlite/i.test(url))
    return refuse(
      "names an SQLite file, which Clara does not use; leave it out for the embedded database",
    );
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    return refuse("must look like postgresql://user:password@host:5432/name");
  if (/%(?![\da-f]{2})/i.test(url)) return refuse("holds a bare %; write it as %25");
  return url;
});

/** A name or address of a machine, without `http://` and without a port. */
export const hostName: Parser<string> = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^[\w.-]+$/.test(text),
    "must be an address such as 127.0.0.1 or 0.0.0.0, without http:// and without a port",
  );

/** An IANA name. */
export const timeZone: Parser<string> = parser((text, refuse) =>
  // The machine's own spelling of the name may be an older one, so the given one stays.
  isTimeZone(text)
    ? text
    : refuse("must be a time zone such as Europe/Berlin, America/New_York or UTC"),
);

const SNOWFLAKE = /^\d{15,21}$/;
const HOW_TO_COPY =
  "switch on Developer Mode in Discord's advanced settings, right-click, and choose Copy ID";

/** One Discord id. */
export const discordId: Parser<string> = z
  .string()
  .regex(SNOWFLAKE, `must be an id, which is a long number, not a name: ${HOW_TO_COPY}`);

/** Discord ids with commas between them. */
export const discordIds: Parser<ReadonlySet<string>> = parser((text, refuse) => {
  const ids = split(text);
  // An empty list would allow everything, which is hardly what a lone comma means.
  if (ids.length > 0 && ids.every((id) => SNOWFLAKE.test(id))) return new Set(ids);
  return refuse(
    `must be ids, which are long numbers, with commas between them, not names: ${HOW_TO_COPY}`,
  );
});

/** Texts with commas between them; at least one. */
export const list: Parser<readonly string[]> = parser((text, refuse) => {
  const entries = split(text);
  return entries.length > 0 ? entries : refuse("must hold at least one entry");
});

/** Some of `names`, with commas between them; `all` for every one. */
export const someOf = <const Name extends string>(
  names: readonly Name[],
): Parser<ReadonlySet<Name>> =>
  parser((text, refuse) => {
    const asked = split(text.toLowerCase());
    if (asked.length === 1 && asked[0] === "all") return new Set(names);
    const chosen = names.filter((name) => asked.includes(name));
    if (chosen.length > 0 && chosen.length === new Set(asked).size) return new Set(chosen);
    return refuse(`must be all, or some of ${names.join(",")}`);
  });

/** `name` or `name:times`: the point of src/core/fault.ts at which a test kills the program, when it is passed that often. */
export const killPoint = <const Point extends string>(
  points: readonly Point[],
): Parser<{ readonly point: Point; readonly times: number }> =>
  parser((text, refuse) => {
    const [name, times = "1", ...rest] = text.split(":");
    const point = points.find((candidate) => candidate === name);
    if (!point) return refuse("must name a point of src/core/fault.ts");
    if (!/^[1-9]\d{0,5}$/.test(times) || rest.length > 0)
      return refuse("must be a point, or a point and how often, such as turn.finished:3");
    return { point, times: Number(times) };
  });

const split = (text: string): readonly string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;

/** Five fields of numbers, names, `*`, `,`, `-` and `/`; null for "off". What they mean together is cron's own business. */
export const cronSchedule: Parser<string | null> = parser((text, refuse) => {
  if (FLAGS[text.toLowerCase()] === false) return null;
  const isCron = /^[\w*/,#?-]+(?: +[\w*/,#?-]+){4}$/.test(text) && isSchedule(text);
  return isCron
    ? text.replace(/ +/g, " ")
    : refuse("must be five fields such as 0 3 * * * (every night at three), or off");
});

function isSchedule(text: string): boolean {
  try {
    return new Cron(text, { mode: "5-part" }).nextRun() !== null;
  } catch {
    return false; // croner throws for what it cannot read; the words above say what is right.
  }
}
