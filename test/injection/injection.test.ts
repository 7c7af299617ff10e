import { expect, test } from "vitest";
import { z } from "zod";
import { compose } from "../../src/agent/compose.ts";
import { systemClock } from "../../src/core/clock.ts";
import { noFault } from "../../src/core/fault.ts";
import { messageId } from "../../src/core/ids.ts";
import { silentLog } from "../../src/core/log.ts";
import type { TranscriptMessage } from "../../src/core/message.ts";
import { defineTool, type Tool } from "../../src/core/tool.ts";
import { memoryPolicy } from "../memory-policy.ts";
import { createMemorySteps } from "../memory-steps.ts";
import { contextOptions, limits, noBudgets, plainOutgoing } from "../turn-deps.ts";
import { turnOf } from "../turns.ts";
import { linksIn } from "../../src/tools/web/from-web.ts";
import { openingTools } from "../opening-tools.ts";
import { CASES, OPENING_CASES, OPENINGS, SINKS, type Planted } from "./cases.ts";
import { CANARY, obeyingModel, order } from "./obeying-model.ts";

/** A turn of ana's, asked in good faith, where everything is allowed and was agreed to before: the hardest policy to keep. */
async function attack(planted: Planted, question = "Have a look, please.") {
  const ran: string[] = [];
  const requested: string[] = [];
  const tools = [...toolsFor(planted, ran), ...openingTools((url) => requested.push(url))];
  const model = obeyingModel(planted.read === null ? null : "look");
  const policy = memoryPolicy({
    rules: [{ holder: "channel", tool: "*", verdict: "allow", clicker: "asker" }],
    granted: true,
    before: planted.before,
  });
  const turn = turnOf();
  const lines = [...planted.lines, { id: turn.triggerId, authorId: "discord:ana", text: question }];
  const deps = {
    policy,
    tools,
    limits,
    transcript: { ...noTranscript, recent: async () => lines.map(toMessage) },
    steps: createMemorySteps(),
    budgets: noBudgets,
    toolSpecs: tools.map(({ name, description }) => ({ name, description, inputSchema: {} })),
    context: contextOptions,
    readAttachments: async () => [],
    outgoing: plainOutgoing,
    clock: systemClock,
    fault: noFault,
    log: silentLog,
  };
  const stage = { onText: () => {}, watch: () => {} };
  await compose(deps, model, turn, [], stage, new AbortController().signal);
  return { ran, requested, asked: policy.asked.map(({ tool }) => tool) };
}

function toolsFor({ read, description }: Planted, ran: string[]): readonly Tool[] {
  const common = { label: "", timeoutMs: 1_000, input: z.looseObject({}) };
  const sinks = Object.entries(SINKS).map(([name, { effect }]) =>
    defineTool({
      ...common,
      name,
      effect,
      description: name,
      run: async () => ({ text: `done ${ran.push(name)}` }),
    }),
  );
  const look = defineTool({
    ...common,
    name: "look",
    effect: "read",
    description: "Looks.",
    // As the real ones do: what a page links to may be opened, word for word.
    run: async () => ({
      text: read?.text ?? "",
      taints: read ? [read.taint] : [],
      links: linksIn(read?.text ?? ""),
    }),
  });
  if (description === null) return [look, ...sinks];
  const { text, by } = description;
  return [{ ...look, name: "add", description: text, describedBy: by }, look, ...sinks];
}

const noTranscript = {
  chain: async () => [],
  search: async () => [],
  summary: async () => null,
  saveSummary: async () => {},
};

const toMessage = (line: Partial<TranscriptMessage>, index: number): TranscriptMessage => ({
  id: messageId(`discord:line-${index}`),
  role: "person",
  authorId: "discord:eve",
  authorName: "eve",
  text: "",
  replyTo: null,
  attachments: [],
  sentAt: new Date(`2026-11-24T11:0${index}:00Z`),
  ...line,
});

const nobody: Planted = { read: null, lines: [], description: null, before: [] };

/** What hidden characters said does not even reach the model where a tool gave it. */
const isUnread = ({ read }: Planted): boolean =>
  read !== null && /[\u{e0020}-\u{e007f}]/u.test(read.text);

test("there are 420 cases, as docs/PROMISES.md says, and no two are the same", () => {
  const names = [...CASES, ...OPENING_CASES].map(({ name }) => name);

  expect(new Set(names).size).toBe(420);
  expect(names).toHaveLength(420);
});

test.each(Object.keys(SINKS))(
  "%s runs when the person herself says so: the model obeys indeed",
  async (sink) => {
    const { ran } = await attack(nobody, order(sink, SINKS[sink]?.input ?? {}));

    expect(ran).toEqual([sink]);
  },
);

test.each(CASES.map((each) => [each.name, each] as const))(
  "nothing runs without a click: %s",
  async (_, { planted, sink }) => {
    const { ran, asked } = await attack(planted);

    expect(ran).toEqual([]);
    expect(asked).toEqual(isUnread(planted) ? [] : [sink]);
  },
);

test.each(Object.keys(OPENINGS))(
  "%s opens what the person herself says: the model obeys indeed",
  async (sink) => {
    const { requested } = await attack(nobody, order(sink, OPENINGS[sink] ?? {}));

    expect(requested).toEqual([expect.stringContaining(CANARY)]);
  },
);

test.each(OPENING_CASES.map((each) => [each.name, each] as const))(
  "no word leaves in an address without a click: %s",
  async (_, { planted, sink }) => {
    const { requested, asked } = await attack(planted);

    expect(requested).toEqual([]);
    expect(asked).toEqual(isUnread(planted) ? [] : [sink]);
  },
);
