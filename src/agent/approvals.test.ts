import { expect, test } from "vitest";
import { z } from "zod";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { call, say, scriptedModel } from "../../test/scripted-model.ts";
import { ask, newDm, newId, newName } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import { noFault, type Fault, type FaultPoint } from "../core/fault.ts";
import { messageId, type TurnId } from "../core/ids.ts";
import type { Outlet } from "../core/outlet.ts";
import { defineTool } from "../core/tool.ts";
import type { TurnDeps } from "./run-turn.ts";

/** Whatever is killed between the question and the outcome: one card, and the call at most once. */
let onFault: Fault = noFault;
const store = share(() => openEmbeddedStore({ fault: (point) => onFault(point) }));

async function scene() {
  const name = newName("ana");
  const place = newDm(name);
  const fake = createFakeOutlet({ idPrefix: `${name}-` });
  const outlet: typeof fake = {
    ...fake,
    voice: {
      ...fake.voice,
      card: ({ approval, words }) => ({
        content: words.slice(0, 20),
        file: null,
        card: { approvalId: approval.id, choices: ["once"] },
      }),
    },
  };
  const runs: string[] = [];
  const send = defineTool({
    name: "send",
    description: "Sends.",
    label: "Sending",
    effect: "outside",
    timeoutMs: 5_000,
    input: z.object({}),
    async run() {
      runs.push("send");
      return { text: "It is out." };
    },
  });
  const model = scriptedModel(({ messages }) => {
    const last = messages.at(-1);
    return last?.role === "tool"
      ? say(last.answers.map(({ text }) => text.slice(0, 8)).join())
      : call(["send", {}]);
  });
  const deps = turnDeps({ store: store(), outlet, model, tools: [send] });
  const asking = await ask(store(), place.message(name, "Send it."));
  const approve = async () => {
    const [row] = await store().query("select id from approvals where turn_id = $1", [asking]);
    const decided = await store().approvals.decide(place.scope(name), place.conversation.id, {
      id: String(row?.["id"]),
      choice: "once",
      trigger: () => messageId(`discord:${newId()}`),
      tellsDenial: false,
    });
    if (decided.kind !== "decided" || decided.turnId === null) throw new Error(decided.kind);
    return decided.turnId;
  };
  return { asking, approve, deps, outlet, runs };
}

class Died extends Error {}

/** Runs the turn, dead from the n-th point on, and then again by one who lives. Gives the point; null when there is none. */
async function runDyingAt(n: number, deps: TurnDeps, turnId: TurnId): Promise<FaultPoint | null> {
  let passed = 0;
  let diedAt: FaultPoint | null = null;
  const fault = (point: FaultPoint) => {
    if (++passed === n) diedAt = point;
    if (diedAt !== null) throw new Died();
  };
  const mortal = <Port extends object>(port: Port): Port =>
    Object.fromEntries(
      Object.entries(port).map(([name, run]) => [
        name,
        typeof run !== "function"
          ? run
          : async (...given: unknown[]) => {
              if (diedAt !== null) throw new Died();
              return (run as (...all: unknown[]) => unknown)(...given);
            },
      ]),
    ) as Port;
  const outlets = new Map(
    [...deps.outlets].map(([platform, { voice, ...outlet }]): [typeof platform, Outlet] => [
      platform,
      { ...mortal(outlet), voice },
    ]),
  );
  onFault = fault;
  await attempt(
    {
      store: store(),
      deps: { ...deps, fault, outlets, turns: mortal(deps.turns), outbox: mortal(deps.outbox) },
    },
    turnId,
  ).catch(() => {}); // The dead tell nothing.
  onFault = noFault;
  if (diedAt === null) return null;
  if ((await stateOf(turnId)) !== "done") await attempt({ store: store(), deps }, turnId);
  return diedAt;
}

const stateOf = async (turnId: TurnId) =>
  (await store().query("select state from turns where id = $1", [turnId]))[0]?.["state"];

test("killed at every point of the question, there is one card, and nothing was done", async () => {
  const points: FaultPoint[] = [];
  for (let n = 1; ; n++) {
    const { asking, deps, outlet, runs } = await scene();
    const diedAt = await runDyingAt(n, deps, asking);
    const shown = outlet.messages.map(({ content }) => content);
    expect(shown, `died at ${diedAt}`).toEqual([
      "Not done",
      expect.stringMatching(/^🔐 \*\*Use send/),
    ]);
    expect(runs).toEqual([]);
    expect(await stateOf(asking)).toBe("done");
    if (diedAt === null) break;
    points.push(diedAt);
  }
  expect(points).toContain("turn.tool.intent");
  expect(points).toContain("outbox.rows.inserted");
});

test("killed at every point of what follows the click, the call is made once or known to be unsure, and told", async () => {
  const points: FaultPoint[] = [];
  for (let n = 1; ; n++) {
    const { asking, approve, deps, outlet, runs } = await scene();
    await attempt({ store: store(), deps }, asking);
    const turnId = await approve();
    const diedAt = await runDyingAt(n, deps, turnId);
    const last = outlet.messages.at(-1)?.content;
    expect(runs.length, `died at ${diedAt}`).toBeLessThanOrEqual(1);
    expect(last, `died at ${diedAt}`).toMatch(
      runs.length === 1 ? /^(It is ou|Interrup)$/ : /^Interrup$/,
    );
    expect(await stateOf(turnId)).toBe("done");
    if (diedAt === null) break;
    points.push(diedAt);
  }
  expect(points).toContain("turn.tool.sent");
  expect(points).toContain("turn.tool.returned");
});
