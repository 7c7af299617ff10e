import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FAILURE_META } from "../../src/servers/kit/answer.ts";
import { KLEDO_CASES } from "./kledo-cases.ts";
import { inputsOf } from "./inputs.ts";
import { openKledoTest, type KledoTest } from "./open-kledo-test.ts";

/** Quick by itself; `CLARA_TEST_RUNS=1000` is what is promised. */
const numRuns = Number(process.env["CLARA_TEST_RUNS"] ?? 10);

const PASSWORD = "kata-sandi-0";

let open: KledoTest | undefined;
beforeAll(async () => {
  open = await openKledoTest({
    KLEDO_EMAIL: "pemilik0@contoh.example",
    KLEDO_PASSWORD: PASSWORD,
    KLEDO_MAX_CONCURRENCY: "50",
  });
});
afterAll(() => open?.[Symbol.asyncDispose]());

test.each(KLEDO_CASES.map(({ tool }) => tool))(
  "%s: whatever it is asked, it does not break, and shows no secret",
  async (name) => {
    if (open === undefined) throw new Error("It did not open");
    const { client, machine } = open;
    const { tools } = await client.listTools();
    const schema = tools.find((tool) => tool.name === name)?.inputSchema ?? {};

    await fc.assert(
      fc.asyncProperty(inputsOf(schema as Parameters<typeof inputsOf>[0]), async (given) => {
        const result = await client.callTool({ name, arguments: given });

        const failure = result._meta?.[FAILURE_META] as { readonly code: string } | undefined;
        expect(["INTERNAL_ERROR", "SCHEMA_MISMATCH"]).not.toContain(failure?.code);
        expect(Boolean(result.isError)).toBe(failure !== undefined);
        expect(JSON.stringify(result)).not.toMatch(/kata-sandi|access-\d+-pemilik/);
      }),
      { numRuns },
    );

    expect(machine.logged()).not.toMatch(/kata-sandi|access-\d+-pemilik|"call-broken"/);
  },
  3_600_000,
);
