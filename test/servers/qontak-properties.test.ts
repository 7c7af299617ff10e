import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "@modelcontextprotocol/client";
import { FAILURE_META } from "../../src/servers/kit/answer.ts";
import type { Fault } from "../emulators/qontak/open-qontak-emulator.ts";
import { openQontakTest, type QontakTest } from "./open-qontak-test.ts";
import { QONTAK_CASES, REFUSING_TOOL } from "./qontak-cases.ts";
import { inputsOf } from "./inputs.ts";

/** Quick by itself; `CLARA_TEST_RUNS=1000` is what is promised. */
const numRuns = Number(process.env["CLARA_TEST_RUNS"] ?? 5);
const TIMEOUT_MS = 1_800_000;

const TOOLS = [...QONTAK_CASES.map(({ tool }) => tool), REFUSING_TOOL];
const IDS = [
  1001, 2001, 3001, 4001, 5001, 6001, 7001, 8001, 51, 101, 102, 1013, 1023, 2011, 2021, 11,
];
const WORDS = [
  "4001",
  "2026-11-30",
  "30/11/2026",
  "Gold",
  "Delivery Method",
  "sari@kopinusa.example",
];

type Schema = Parameters<typeof inputsOf>[0];

/** Who asks for another tenant gets no further: that has tests of its own. */
function forNobodyElse(inputSchema: unknown): Schema {
  const { properties: { user_id: _, ...properties } = {}, ...schema } = inputSchema as Schema;
  return { ...schema, properties };
}

/** What no input and no answer may lead to: a bug of ours. */
const BUGS = ["INTERNAL_ERROR"];

describe("whatever a model asks", () => {
  let open: QontakTest | undefined;
  let schemas: ReadonlyMap<string, Schema> = new Map();
  beforeAll(async () => {
    open = await openQontakTest({ QONTAK_TRIES: "1" });
    const { tools } = await open.client.listTools();
    schemas = new Map(tools.map(({ name, inputSchema }) => [name, forNobodyElse(inputSchema)]));
  });
  afterAll(() => open?.[Symbol.asyncDispose]());
  const opened = (): QontakTest => {
    if (open === undefined) throw new Error("It did not open");
    return open;
  };

  test.each(TOOLS)(
    "%s neither breaks nor tells a secret",
    async (tool) => {
      const { client, qontak } = opened();
      const secret = qontak.accounts[0].refreshToken;

      await fc.assert(
        fc.asyncProperty(
          inputsOf(schemas.get(tool) ?? {}, [...IDS, ...WORDS, secret]),
          async (given) => {
            const { code, text } = await outcome(client, tool, given);

            expect([...BUGS, "SCHEMA_MISMATCH"]).not.toContain(code);
            expect(text).not.toContain(qontak.accounts[0].refreshToken);
          },
        ),
        { numRuns },
      );
    },
    TIMEOUT_MS,
  );

  test("none of it was a surprise to the server", () => {
    const { machine, qontak } = opened();

    expect(machine.logged()).not.toContain("call-broken");
    expect(machine.logged()).not.toContain(qontak.accounts[0].refreshToken);
    expect(qontak.heard.length).toBeGreaterThan(TOOLS.length);
  });
});

describe("whatever Qontak answers", () => {
  test.each(TOOLS)(
    "%s does not break",
    async (tool) => {
      await using open = await openQontakTest({ QONTAK_TRIES: "1", QONTAK_TIMEOUT_MS: "1000" });
      const given = QONTAK_CASES.find((each) => each.tool === tool)?.given ?? { deal_id: 3001 };

      await fc.assert(
        fc.asyncProperty(faults, fc.nat({ max: 3 }), async (fault, others) => {
          open.qontak.clear();
          open.qontak.fail({ kind: "pass" }, others);
          open.qontak.fail(fault);
          const { code } = await outcome(open.client, tool, given);

          expect(BUGS).not.toContain(code);
        }),
        { numRuns },
      );

      expect(open.machine.logged()).not.toContain("call-broken");
    },
    TIMEOUT_MS,
  );
});

const response = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(fc.record({ id: fc.jsonValue(), name: fc.jsonValue(), dropdown: fc.jsonValue() })),
);

/** Bodies that are nearly right, JSON of another kind, and what is no JSON at all. */
const faults: fc.Arbitrary<Fault> = fc
  .record({
    status: fc.constantFrom(200, 200, 200, 201, 204, 400, 404, 418, 422, 500),
    body: fc.oneof(
      fc
        .record({ meta: fc.jsonValue({ maxDepth: 2 }), response })
        .map((each) => JSON.stringify(each)),
      fc
        .record({ response, page: fc.jsonValue({ maxDepth: 1 }) })
        .map((each) => JSON.stringify(each)),
      fc.json(),
      fc.string(),
    ),
  })
  .map(({ status, body }) => ({ kind: "answer", status, body: status === 204 ? "" : body }));

async function outcome(client: Client, tool: string, given: Readonly<Record<string, unknown>>) {
  const result = await client.callTool({ name: tool, arguments: given });
  const failure = result._meta?.[FAILURE_META] as { readonly code: string } | undefined;
  return { code: failure?.code ?? "OK", text: JSON.stringify(result) };
}
