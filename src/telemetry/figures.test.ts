import { expect, test } from "vitest";
import { scriptedModel, say } from "../../test/scripted-model.ts";
import { dmWith, turnOf } from "../../test/turns.ts";
import type { Backlog } from "../core/backlog.ts";
import { ModelError, type Model, type ModelMessage, type ModelRequest } from "../core/model.ts";
import { createCounter } from "./counter.ts";
import { toText } from "./exposition.ts";
import { createHouseFigures } from "./house-figures.ts";
import { createModelFigures } from "./model-figures.ts";
import { createProcessFigures } from "./process-figures.ts";
import { createTurnFigures } from "./turn-figures.ts";

const request = {
  messages: [] as readonly ModelMessage[],
  signal: new AbortController().signal,
} as ModelRequest;

test("the text is what Prometheus reads, whatever stands in a label", () => {
  const text = toText([
    {
      name: "clara_x_total",
      type: "counter",
      help: "Things.",
      samples: [
        { labels: { of: 'a"b\\c\nd' }, value: 2 },
        { suffix: "_sum", value: 0.5 },
      ],
    },
    { name: "clara_none", type: "gauge", help: "Nothing.", samples: [] },
  ]);

  expect(text).toBe(
    '# HELP clara_x_total Things.\n# TYPE clara_x_total counter\nclara_x_total{of="a\\"b\\\\c\\nd"} 2\nclara_x_total_sum 0.5\n',
  );
});

test("a counter of endless labels ends", () => {
  const counter = createCounter("clara_x_total", "Things.", ["of"]);

  for (let index = 0; index < 1_000; index++) counter.add({ of: String(index) }, 1);

  const { samples } = counter.family();
  expect(samples).toHaveLength(201);
  expect(samples.at(-1)).toEqual({ labels: { of: "other" }, value: 800 });
});

test("turns are counted by how they ended, with their time and without whose they were", () => {
  const { watch, families } = createTurnFigures();
  const figures = { costUsd: 1, inputTokens: 1, outputTokens: 1, elapsedMs: 1_500, model: "m" };
  for (const detail of ["answered", "answered", "model:auth", "Ana said: hello"])
    watch(dmWith("ana"), turnOf().id, { type: "turn-end", detail, ...figures });

  const text = toText(families());

  expect(text).toContain('clara_turns_total{outcome="answered"} 2\n');
  expect(text).toContain('clara_turns_total{outcome="model:auth"} 1\n');
  expect(text).toContain('clara_turns_total{outcome="other"} 1\n');
  expect(text).toContain("clara_turn_seconds_sum 6\nclara_turn_seconds_count 4\n");
  expect(text).not.toMatch(/ana/i);
});

test("calls of models are counted with tokens and cost, also those that fail or are left", async () => {
  const failing: Model = {
    name: "failing",
    contextTokens: 1,
    // oxlint-disable-next-line require-yield -- It fails before its first word.
    async *stream() {
      throw new ModelError("no", { kind: "auth", provider: "p" });
    },
  };
  const { count, families } = createModelFigures();
  const tiers = { high: failing, mid: scriptedModel([say("a", "b"), say("a", "b")]), low: failing };
  const { byTier } = count({ byTier: (tier) => tiers[tier], defaultTier: "mid", autoTier: false });
  const texts: string[] = [];

  for await (const event of byTier("mid").stream(request)) texts.push(event.type);
  for await (const event of byTier("mid").stream(request)) if (event.type !== "start") break;
  await expect(byTier("low").stream(request)[Symbol.asyncIterator]().next()).rejects.toThrow("no");

  const text = toText(families());
  const who = 'provider="script",model="script-1"';
  expect(texts).toEqual(["start", "text-delta", "text-delta", "end"]);
  expect(text).toContain(`clara_model_calls_total{${who},outcome="ok"} 1\n`);
  expect(text).toContain(`clara_model_calls_total{${who},outcome="left"} 1\n`);
  expect(text).toContain(
    'clara_model_calls_total{provider="none",model="failing",outcome="auth"} 1',
  );
  expect(text).toContain(`clara_model_tokens_total{${who},kind="input"} 10\n`);
  expect(text).toContain(`clara_model_tokens_total{${who},kind="output"} 5\n`);
  expect(text).toContain(`clara_model_cost_usd_total{${who}} 0.001\n`);
});

const backlog: Backlog = {
  queued: 3,
  running: 2,
  delivering: 1,
  oldestQueuedSeconds: 7,
  pendingParts: 4,
};
const rooms = [
  { name: "store", isOn: true, isWell: false },
  { name: "discord", isOn: false, isWell: true },
];

test("the house tells what waits, what is lost of the log and which rooms are well; the store is asked seldom", async () => {
  let asked = 0;
  const time = { nowMs: 0 };
  const house = createHouseFigures(
    {
      backlog: async () => (asked++, backlog),
      dropped: () => ({ store: 5, channel: 6 }),
      clock: { now: () => new Date(0), elapsedMs: () => time.nowMs },
    },
    "1.2.3",
  );

  const text = toText(await house.families(rooms));
  await house.families(rooms);
  const askedAtOnce = asked;
  time.nowMs += 5_000;
  await house.families(rooms);

  expect([askedAtOnce, asked]).toEqual([1, 2]);
  for (const line of [
    'clara_info{version="1.2.3"} 1',
    'clara_room_well{room="store"} 0',
    'clara_turns_open{state="queued"} 3',
    "clara_oldest_queued_turn_seconds 7",
    "clara_outbox_pending 4",
    'clara_log_entries_dropped_total{to="store"} 5',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).not.toContain('room="discord"');
});

test("a store that is away makes no figure a zero", async () => {
  const house = createHouseFigures(
    {
      backlog: () => Promise.reject(new Error("no database")),
      dropped: () => ({ store: 0, channel: 0 }),
      clock: { now: () => new Date(0), elapsedMs: () => 0 },
    },
    "1.2.3",
  );

  expect(toText(await house.families(rooms))).not.toMatch(/clara_turns_open|clara_outbox/);
});

test("the process tells its memory, and how long its loop was held up since the last question", async () => {
  using figures = createProcessFigures(new Date(1_000));
  const max = () => Number(/lag_max_seconds ([\d.]+)$/m.exec(toText(figures.families()))?.[1]);
  max();
  // Node begins to measure anew with the second look at its clock.
  await new Promise((resolve) => setTimeout(resolve, 120));

  const until = performance.now() + 300;
  while (performance.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 120));

  expect(max()).toBeGreaterThan(0.15);
  expect(toText(figures.families())).toMatch(/process_resident_memory_bytes [1-9]/);
  expect(toText(figures.families())).toContain("process_start_time_seconds 1\n");
});
