import { expect, test } from "vitest";
import { z } from "zod";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { heldModel } from "../../test/held-model.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { call, say, scriptedModel, slowly } from "../../test/scripted-model.ts";
import { accept, ask, newDm, newName, take } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import { noFault, type Fault, type FaultPoint } from "../core/fault.ts";
import type { TurnId } from "../core/ids.ts";
import type { ModelRequest } from "../core/model.ts";
import { defineTool, type ToolEffect } from "../core/tool.ts";
import { createTurnSignals } from "./interrupt.ts";
import { runTurn, type TurnDeps } from "./run-turn.ts";

/** Whatever is killed or fails in a turn: one answer, nothing doubled, nothing lost. */
let onFault: Fault = noFault;
const store = share(() => openEmbeddedStore({ fault: (point) => onFault(point) }));

/** A turn with a notice before it, two tools and an answer of several messages that is seen to grow. */
async function scene() {
  const name = newName("ana");
  const place = newDm(name);
  const outlet = createFakeOutlet({ idPrefix: `${name}-` });
  const runs: string[] = [];
  const tool = (toolName: string, effect: ToolEffect) =>
    defineTool({
      name: toolName,
      description: toolName,
      label: toolName,
      effect,
      timeoutMs: 10_000,
      input: z.object({}),
      async run() {
        runs.push(toolName);
        return { text: `${toolName} is done.` };
      },
    });
  const model = scriptedModel((request) => {
    const answers = answersIn(request);
    if (answers === null) return call(["read", {}], ["write", {}]);
    return slowly(6, say("That is it. ", `${answers} `, "x".repeat(90), "y".repeat(90)));
  });
  const tools = [tool("read", "read"), tool("write", "write")];
  const deps = turnDeps({ store: store(), outlet, model, tools });

  const first = await ask(store(), place.message(name, "First."));
  const question = place.message(name, "What is it?");
  const accepted = await accept(store(), question, {}, () => "position 1");
  if (accepted.kind !== "queued" || !accepted.notice) throw new Error("It waits");
  const notice = { ...accepted.notice, replyTo: question.id, follows: null, running: true };
  await outlet.send(place.conversation, notice, new AbortController().signal);
  const plain = turnDeps({ store: store(), outlet: createFakeOutlet(), model: sayOne() });
  await attempt({ store: store(), deps: plain }, first);

  const told = () => runs.filter((run) => run === "write").length;
  const said = async () => {
    const all = { limit: 50, upTo: null, after: null };
    const { id } = place.conversation;
    const lines = await store().transcript.recent(place.scope(name), id, all);
    return lines.filter(({ replyTo }) => replyTo === question.id).map(({ text }) => text);
  };
  return { turnId: accepted.turnId, outlet, deps, runs, writes: told, said };
}

const sayOne = () => scriptedModel([say("One.")]);

/** What the tools answered; null when the model has not asked them. */
function answersIn({ messages }: ModelRequest): string | null {
  const last = messages.at(-1);
  return last?.role === "tool" ? last.answers.map(({ text }) => text).join(" ") : null;
}

type Scene = Awaited<ReturnType<typeof scene>>;

const isOpen = async (turnId: TurnId) => {
  const [turn] = await store().query("select state from turns where id = $1", [turnId]);
  return turn?.["state"] !== "done";
};

type Port = "turns" | "queue" | "outbox" | "steps" | "transcript";
const PORTS: readonly Port[] = ["turns", "queue", "outbox", "steps", "transcript"];

/** The ports with something around every call of them. */
function around(deps: TurnDeps, each: (run: () => Promise<unknown>) => Promise<unknown>): TurnDeps {
  const wrap = (port: object) =>
    Object.fromEntries(
      Object.entries(port).map(
        ([name, run]: [string, (...given: unknown[]) => Promise<unknown>]) => [
          name,
          (...given: unknown[]) => each(() => run(...given)),
        ],
      ),
    );
  return { ...deps, ...Object.fromEntries(PORTS.map((port) => [port, wrap(deps[port])])) };
}

/** What is wrong after a turn that had to be taken up again; empty when all is well. */
async function judge({ outlet, writes, said }: Scene, when: string): Promise<readonly string[]> {
  const shown = outlet.messages.map(({ content }) => content).join("");
  const isWhole = /^That is it\. .*x{90}y{90}$/.test(shown);
  const kept = await said();
  return [
    ...(isWhole ? [] : [`${when}: shown was ${shown}`]),
    ...(kept.length === 1 && kept[0] === shown ? [] : [`${when}: kept was ${kept.join("|")}`]),
    ...(outlet.messages.some(({ running }) => running) ? [`${when}: it can still be stopped`] : []),
    ...(writes() <= 1 ? [] : [`${when}: the write was done ${writes()} times`]),
    ...(writes() === 1 || shown.includes("not known") ? [] : [`${when}: the write was lost`]),
  ];
}

class Died extends Error {}

/** Dies as the n-th point is passed: from then on nothing answers. Gives the point; null when it outlived them all. */
async function dieAt(n: number, { deps, turnId, outlet }: Scene): Promise<FaultPoint | null> {
  let passed = 0;
  let diedAt: FaultPoint | null = null;
  const { signals, interrupt } = createTurnSignals();
  const live = () => {
    if (diedAt === null) return;
    // The dead do not try again.
    interrupt("lost");
    throw new Died();
  };
  const fault = (point: FaultPoint) => {
    live();
    if (++passed !== n) return;
    diedAt = point;
    live();
  };
  const mortal = around({ ...deps, fault }, async (run) => {
    live();
    const result = await run();
    live();
    return result;
  });
  const deaf = {
    ...outlet,
    send: async (...given: Parameters<typeof outlet.send>) => {
      live();
      const sent = await outlet.send(...given);
      fault("outbox.send.response.read");
      return sent;
    },
    edit: async (...given: Parameters<typeof outlet.edit>) => {
      live();
      return outlet.edit(...given);
    },
  };
  const job = await take(store(), turnId);
  onFault = fault;
  await runTurn({ ...mortal, outlets: new Map([["discord", deaf]]) }, job, signals, () => {}).catch(
    () => {},
  ); // Nobody hears the last words.
  onFault = noFault;
  // As the orphan watch does.
  if (diedAt !== null) await store().queue.release(job, 0);
  return diedAt;
}

async function dieEverywhere(meanwhile: (scene: Scene) => Promise<void>) {
  const problems: string[] = [];
  const points = new Set<FaultPoint>();
  for (let n = 1; ; n++) {
    const here = await scene();
    const point = await dieAt(n, here);
    if (point === null) return { problems, points };
    points.add(point);
    await meanwhile(here);
    if (await isOpen(here.turnId)) await attempt({ store: store(), deps: here.deps }, here.turnId);
    problems.push(...(await judge(here, `${n}, ${point}`)));
  }
}

const POINTS_OF_A_TURN = 20;

test("killed at every point of a turn, there is one whole answer", async () => {
  const { problems, points } = await dieEverywhere(async () => {});

  expect(problems).toEqual([]);
  expect(points.size).toBeGreaterThan(POINTS_OF_A_TURN);
}, 120_000);

test("killed at every point of a turn and taken up an hour later, there is one whole answer", async () => {
  const { problems } = await dieEverywhere(async ({ outlet, turnId }) => {
    outlet.forgetNonces();
    const older =
      "update outbox set created_at = created_at - interval '1 hour' where turn_id = $1";
    await store().query(older, [turnId]);
  });

  expect(problems).toEqual([]);
}, 120_000);

/** The store fails at the n-th call, once. False when there were not so many calls. */
async function failAt(n: number, when: "before" | "after", { deps, turnId }: Scene) {
  let calls = 0;
  const failing = around(deps, async (run) => {
    const isNow = ++calls === n;
    if (isNow && when === "before") throw new Error("the store is away");
    const result = await run();
    if (isNow) throw new Error("the store was away when it should have answered");
    return result;
  });
  while (await isOpen(turnId)) {
    const job = await take(store(), turnId);
    const running = runTurn(failing, job, createTurnSignals().signals, () => {});
    // Not even given back: as the orphan watch does.
    await running.catch(() => store().queue.release(job, 0));
  }
  return calls >= n;
}

async function failEverywhere(when: "before" | "after") {
  const problems: string[] = [];
  for (let n = 1; ; n++) {
    const here = await scene();
    const failed = await failAt(n, when, here);
    problems.push(...(await judge(here, `call ${n}`)));
    if (!failed) return { problems, calls: n - 1 };
  }
}

const CALLS_OF_A_TURN = 15;

test("when the store fails once, whichever call it is, there is one whole answer", async () => {
  const { problems, calls } = await failEverywhere("before");

  expect(problems).toEqual([]);
  expect(calls).toBeGreaterThan(CALLS_OF_A_TURN);
}, 120_000);

test("when the store does its work and fails to say so, whichever call it is, there is one whole answer", async () => {
  const { problems, calls } = await failEverywhere("after");

  expect(problems).toEqual([]);
  expect(calls).toBeGreaterThan(CALLS_OF_A_TURN);
}, 120_000);

test("a worker that has lost its turn while it slept writes over nothing", async () => {
  const name = newName("ana");
  const outlet = createFakeOutlet({ idPrefix: `${name}-` });
  const turnId = await ask(store(), newDm(name).message(name, "What is it?"));
  const sleeper = heldModel("It is seven. Or ", "eight. ", "Or ten.");
  const job = await take(store(), turnId);
  const { signals } = createTurnSignals();
  const asleep = turnDeps({ store: store(), outlet, model: sleeper });
  const sleeping = runTurn(asleep, job, signals, () => {});
  await outlet.until(([message]) => message?.content === "It is seven. Or ");

  await store().queue.release(job, 0);
  const awake = turnDeps({ store: store(), outlet, model: scriptedModel([say("It is nine.")]) });
  await attempt({ store: store(), deps: awake }, turnId);
  sleeper.go();
  await sleeping;

  expect(outlet.messages).toMatchObject([{ content: "It is nine.", running: false }]);
});
