import { z } from "zod";
import { Failure } from "../../src/servers/kit/failure.ts";
import { loadHttpSettings } from "../../src/servers/kit/http/http-settings.ts";
import type { ServerMachine } from "../../src/servers/kit/machine.ts";
import { openKit } from "../../src/servers/kit/open-kit.ts";
import { definePrompt } from "../../src/servers/kit/prompt.ts";
import { defineResource } from "../../src/servers/kit/resource.ts";
import type { OpenServer } from "../../src/servers/kit/serve.ts";
import { loadKitSettings } from "../../src/servers/kit/settings.ts";
import { defineTool } from "../../src/servers/kit/tool.ts";

export const SAMPLE_SECRET = "sample-secret-a1b2c3d4e5";

const whoAmI = defineTool({
  name: "who_am_i",
  title: "Who am I",
  description: "The tenant of this call.",
  effect: "read",
  input: z.object({}),
  output: z.object({ tenant: z.string() }),
  run: async (_, { tenant }) => ({ data: { tenant }, text: `You are ${tenant}.` }),
});

const add = defineTool({
  name: "add",
  title: "Add",
  description: "Adds two whole numbers.",
  effect: "read",
  input: z.object({ one: z.int(), other: z.int() }),
  output: z.object({ sum: z.int() }),
  async run({ one, other }, call) {
    await call.progress(1, 1, "added");
    return { data: { sum: one + other } };
  },
});

const fail = defineTool({
  name: "fail",
  title: "Fail",
  description: "Fails in the way that is asked for.",
  effect: "delete",
  input: z.object({ how: z.enum(["known", "bug", "shape", "secret"]) }),
  output: z.object({ fine: z.literal(true) }),
  async run({ how }) {
    if (how === "known")
      throw new Failure("CONFLICT", "It is locked.", { hint: "Unlock it.", details: { by: "x" } });
    if (how === "secret") throw new Failure("CONFLICT", `It says ${SAMPLE_SECRET}.`);
    if (how === "bug") throw new Error(`a bug with ${SAMPLE_SECRET}`);
    return { data: JSON.parse('{"fine":false}') as { fine: true } };
  },
});

const leak = defineTool({
  name: "leak",
  title: "Leak",
  description: "Answers with what an upstream should not have sent.",
  effect: "read",
  input: z.object({}),
  output: z.object({ words: z.string() }),
  run: async () => ({ data: { words: `token=${SAMPLE_SECRET}!` } }),
});

const thing = defineResource({
  name: "thing",
  title: "Thing",
  description: "One thing.",
  uri: "sample://things/{id}",
  params: z.object({ id: z.coerce.number().int() }),
  mimeType: "application/json",
  list: async () => [{ uri: "sample://things/1", name: "thing 1" }],
  async read({ id }, { tenant }) {
    if (id > 1) throw new Failure("NOT_FOUND", `There is no thing ${id}.`);
    return { data: { id, tenant } };
  },
});

const about = defineResource({
  name: "about",
  title: "About",
  description: "What this is.",
  uri: "sample://about",
  params: z.object({}),
  mimeType: "text/plain",
  read: async () => ({ text: "a sample" }),
});

const greet = definePrompt({
  name: "greet",
  title: "Greet",
  description: "Greets somebody.",
  args: z.object({ name: z.string().describe("Whom") }),
  run: async ({ name }) => `Say hello to ${name}.`,
});

/** A small server that is made of the kit alone. */
export async function openSample(machine: ServerMachine): Promise<OpenServer> {
  const settings = loadKitSettings(machine.env, "SAMPLE", { server: "sample" });
  const kit = await openKit(machine, settings, {
    server: "sample",
    ttlSeconds: {},
    secrets: [SAMPLE_SECRET],
  });
  return {
    kit,
    definition: {
      name: "sample",
      title: "Sample",
      version: machine.version,
      instructions: "For tests.",
      tools: [whoAmI, add, fail, leak],
      resources: [thing, about],
      prompts: [greet],
      takesUserId: true,
      health: async () => [{ name: "itself", isWell: true, words: "is there" }],
    },
    loadHttp: () => loadHttpSettings(machine.env, "SAMPLE"),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}
