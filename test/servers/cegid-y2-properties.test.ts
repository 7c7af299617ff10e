import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CASES } from "./cegid-y2/cases.ts";
import { mangled } from "./cegid-y2/mangled.ts";
import { ACCOUNT, talkToCegid, type CegidTalk } from "./cegid-y2/open.ts";
import { inputsOf } from "./inputs.ts";

/** Quick by itself; `CLARA_TEST_RUNS=1000` is what is promised. */
const numRuns = Number(process.env["CLARA_TEST_RUNS"] ?? 5);
const TIMEOUT_MS = 1_800_000;
const TOOLS = [...new Set(CASES.map(({ tool }) => tool))];
const SECRETS = new RegExp(
  `${ACCOUNT.password}|${Buffer.from(`${ACCOUNT.folder}\\${ACCOUNT.user}`).toString("base64").slice(0, 20)}`,
);

/** Arguments that work, by tool; the first of each. */
const argsOf = (talk: CegidTalk, tool: string): Record<string, unknown> =>
  CASES.find((one) => one.tool === tool)?.args(talk.emulator.books(ACCOUNT.folder)) ?? {};

describe("whatever a model asks", () => {
  let talk: CegidTalk | undefined;
  let schemas: ReadonlyMap<string, Parameters<typeof inputsOf>[0]> = new Map();
  let rights: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map();
  beforeAll(async () => {
    talk = await talkToCegid({ env: { CEGID_Y2_MAX_CONCURRENCY: "50" } });
    const { tools } = await talk.client.listTools();
    const opened = talk;
    rights = new Map(TOOLS.map((tool) => [tool, argsOf(opened, tool)]));
    schemas = new Map(
      tools.map(({ name, inputSchema }) => [name, inputSchema as Parameters<typeof inputsOf>[0]]),
    );
  });
  afterAll(() => talk?.[Symbol.asyncDispose]());

  test.each(TOOLS)(
    "%s does not break, shows no secret, and sends nothing that would be passed over",
    async (tool) => {
      if (talk === undefined) throw new Error("It did not open");
      const { failed, emulator, machine } = talk;
      const strange = inputsOf(schemas.get(tool) ?? {});
      const nearly = strange.map((given) => withOne(rights.get(tool) ?? {}, given));

      await fc.assert(
        fc.asyncProperty(fc.oneof(strange, nearly), async (given) => {
          const { code, text } = await failed(tool, given);

          expect(["INTERNAL_ERROR", "SCHEMA_MISMATCH"]).not.toContain(code);
          expect(text).not.toMatch(SECRETS);
        }),
        { numRuns },
      );

      expect(emulator.ignored).toEqual([]);
      expect(machine.logged()).not.toContain('"call-broken"');
      expect(machine.logged()).not.toMatch(SECRETS);
    },
    TIMEOUT_MS,
  );
});

/** Right arguments, with one of them from somewhere else. */
function withOne(
  right: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const [first] = Object.entries(given);
  return first === undefined ? right : { ...right, [first[0]]: first[1] };
}

describe("whatever Cegid Y2 answers", () => {
  test.each(TOOLS)(
    "%s does not break",
    async (tool) => {
      await using talk = await talkToCegid({
        env: { CEGID_Y2_TRIES: "1", CEGID_Y2_CACHE_ENABLED: "false" },
      });
      const right = argsOf(talk, tool);

      await fc.assert(
        fc.asyncProperty(mangled, async (change) => {
          talk.emulator.change(change);
          const { code } = await talk.failed(tool, right);

          expect(code).not.toBe("INTERNAL_ERROR");
        }),
        { numRuns },
      );

      expect(talk.machine.logged()).not.toContain('"call-broken"');
    },
    TIMEOUT_MS,
  );
});
