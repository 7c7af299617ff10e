import { z } from "zod";
import { loadHttpSettings } from "../../src/servers/kit/http/http-settings.ts";
import type { ServerMachine } from "../../src/servers/kit/machine.ts";
import { openKit } from "../../src/servers/kit/open-kit.ts";
import { definePrompt } from "../../src/servers/kit/prompt.ts";
import { defineResource } from "../../src/servers/kit/resource.ts";
import type { OpenServer } from "../../src/servers/kit/serve.ts";
import { loadKitSettings } from "../../src/servers/kit/settings.ts";
import { defineTool } from "../../src/servers/kit/tool.ts";
import { Failure } from "../../src/servers/kit/failure.ts";
import { askingTools, stateCodec } from "./conformance-asking.ts";
import { legacyTools } from "./conformance-legacy.ts";
import { schemaTools } from "./conformance-schemas.ts";
import { PNG, WAV } from "./conformance-media.ts";

/** The names and words are those that the conformance suite asks for. */

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
const nothing = z.object({});

const simpleText = defineTool({
  name: "test_simple_text",
  title: "Simple text",
  description: "Answers with a text.",
  effect: "read",
  input: nothing,
  output: nothing,
  run: async () => ({ data: {}, text: "This is a simple text response for testing." }),
});

const image = defineTool({
  name: "test_image_content",
  title: "Image",
  description: "Answers with a picture.",
  effect: "read",
  input: nothing,
  output: nothing,
  run: async () => ({
    data: {},
    text: "",
    content: [{ type: "image", data: PNG, mimeType: "image/png" }],
  }),
});

const audio = defineTool({
  name: "test_audio_content",
  title: "Audio",
  description: "Answers with a sound.",
  effect: "read",
  input: nothing,
  output: nothing,
  run: async () => ({
    data: {},
    text: "",
    content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
  }),
});

const embedded = defineTool({
  name: "test_embedded_resource",
  title: "Embedded resource",
  description: "Answers with a resource.",
  effect: "read",
  input: nothing,
  output: nothing,
  run: async () => ({
    data: {},
    text: "",
    content: [
      {
        type: "resource",
        resource: {
          uri: "test://embedded-resource",
          mimeType: "text/plain",
          text: "This is an embedded resource content.",
        },
      },
    ],
  }),
});

const mixed = defineTool({
  name: "test_multiple_content_types",
  title: "Several kinds of content",
  description: "Answers with a text, a picture and a resource.",
  effect: "read",
  input: nothing,
  output: nothing,
  run: async () => ({
    data: {},
    text: "Multiple content types test:",
    content: [
      { type: "image", data: PNG, mimeType: "image/png" },
      {
        type: "resource",
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: JSON.stringify({ test: "data", value: 123 }),
        },
      },
    ],
  }),
});

const failing = defineTool({
  name: "test_error_handling",
  title: "Error",
  description: "Always fails.",
  effect: "read",
  input: nothing,
  output: nothing,
  async run() {
    throw new Failure("CONFLICT", "This tool intentionally returns an error for testing");
  },
});

const progress = defineTool({
  name: "test_tool_with_progress",
  title: "Progress",
  description: "Tells how far it is.",
  effect: "read",
  input: nothing,
  output: nothing,
  async run(_, call) {
    await call.progress(0, 100);
    await soon();
    await call.progress(50, 100);
    await soon();
    await call.progress(100, 100);
    return { data: {}, text: "Done." };
  },
});

const staticText = defineResource({
  name: "static-text",
  title: "Text",
  description: "A text that never changes.",
  uri: "test://static-text",
  params: nothing,
  mimeType: "text/plain",
  read: async () => ({ text: "This is the content of the static text resource." }),
});

const staticBinary = defineResource({
  name: "static-binary",
  title: "Picture",
  description: "A picture that never changes.",
  uri: "test://static-binary",
  params: nothing,
  mimeType: "image/png",
  read: async () => ({ blob: PNG }),
});

const watched = defineResource({
  name: "watched-resource",
  title: "Watched",
  description: "May be watched.",
  uri: "test://watched-resource",
  params: nothing,
  mimeType: "text/plain",
  read: async () => ({ text: "Watched." }),
});

const template = defineResource({
  name: "template",
  title: "Template",
  description: "One for each id.",
  uri: "test://template/{id}/data",
  params: z.object({ id: z.string() }),
  mimeType: "application/json",
  read: async ({ id }) => ({
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  }),
});

const simplePrompt = definePrompt({
  name: "test_simple_prompt",
  title: "Simple",
  description: "Has no arguments.",
  args: nothing,
  run: async () => "This is a simple prompt for testing.",
});

const promptWithArguments = definePrompt({
  name: "test_prompt_with_arguments",
  title: "With arguments",
  description: "Has two arguments.",
  args: z.object({ arg1: z.string().describe("First"), arg2: z.string().describe("Second") }),
  complete: async (name) => [`${name}-one`, `${name}-two`],
  run: async ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
});

const promptWithResource = definePrompt({
  name: "test_prompt_with_embedded_resource",
  title: "With a resource",
  description: "Holds a resource.",
  args: z.object({ resourceUri: z.string() }),
  run: async ({ resourceUri }) => [
    {
      role: "user",
      content: {
        type: "resource",
        resource: {
          uri: resourceUri,
          mimeType: "text/plain",
          text: "Embedded resource content for testing.",
        },
      },
    },
    {
      role: "user",
      content: { type: "text", text: "Please process the embedded resource above." },
    },
  ],
});

const promptWithImage = definePrompt({
  name: "test_prompt_with_image",
  title: "With a picture",
  description: "Holds a picture.",
  args: nothing,
  run: async () => [
    { role: "user", content: { type: "image", data: PNG, mimeType: "image/png" } },
    { role: "user", content: { type: "text", text: "Please analyze the image above." } },
  ],
});

/** What the conformance suite wants to find in a server, put together of the kit. */
export async function openConformanceServer(machine: ServerMachine): Promise<OpenServer> {
  const settings = loadKitSettings(machine.env, "SAMPLE", { server: "conformance" });
  const kit = await openKit(machine, settings, {
    server: "conformance",
    ttlSeconds: {},
    secrets: [],
  });
  return {
    kit,
    definition: {
      name: "conformance",
      title: "Conformance",
      version: machine.version,
      instructions: "For the conformance suite.",
      tools: [simpleText, image, audio, embedded, mixed, failing, progress],
      resources: [staticText, staticBinary, watched, template],
      prompts: [simplePrompt, promptWithArguments, promptWithResource, promptWithImage],
      takesUserId: false,
      extend: {
        options: {
          capabilities: { logging: {}, resources: { subscribe: true } },
          requestState: { verify: (...given) => stateCodec.verify(...given) },
        },
        register(server) {
          legacyTools(server);
          askingTools(server);
          schemaTools(server);
        },
      },
      health: async () => [],
    },
    loadHttp: () => loadHttpSettings(machine.env, "SAMPLE"),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}
