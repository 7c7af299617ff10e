import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createFakeOutlet, type FakeOutlet } from "../../test/fake-outlet.ts";
import { heldModel } from "../../test/held-model.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { call, say, scriptedModel } from "../../test/scripted-model.ts";
import { ask, newDm, newName } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import type { Model } from "../core/model.ts";
import type { Outlet } from "../core/outlet.ts";
import { defineTool, type Tool } from "../core/tool.ts";
import { createTurnSignals, TurnInterrupted } from "./interrupt.ts";
import { WORDS } from "./words.ts";

/** What a person may do to a question at each stage of its turn; see docs/decisions/0004. */
const store = share(openEmbeddedStore);

/** One question of a person's own, asked in a DM. */
async function scene() {
  const name = newName("ana");
  const place = newDm(name);
  const scope = place.scope(name);
  const question = place.message(name, "What is it?");
  const turnId = await ask(store(), question);
  const outlet = createFakeOutlet({ idPrefix: `${name}-` });
  const { signals, interrupt } = createTurnSignals();
  const { id: conversationId } = place.conversation;

  const run = (model: Model, change: { outlet?: Outlet; tools?: readonly Tool[] } = {}) => {
    const deps = turnDeps({ store: store(), outlet, model, ...change });
    return attempt({ store: store(), deps }, turnId, signals);
  };
  /** Another attempt, which nobody interrupts. */
  const runAgain = (model: Model) => {
    const deps = turnDeps({ store: store(), outlet, model });
    return attempt({ store: store(), deps }, turnId);
  };
  const said = async () => {
    const all = { limit: 50, upTo: null, after: null };
    const lines = await store().transcript.recent(scope, conversationId, all);
    return lines.map(({ role, text }) => `${role}: ${text}`);
  };
  return {
    turnId,
    /** Of the n-th message. */
    id: (n: number) => `${name}-${n}`,
    outlet,
    interrupt,
    run,
    runAgain,
    said,
    stop: () => store().turns.cancel(scope, turnId, "stopped"),
    take: () => store().inbox.forget([question.id]),
    edit: (text: string) => store().inbox.revise(scope, question.id, text),
  };
}

const shown = ({ messages }: FakeOutlet) => messages.map(({ content }) => content);

/** Every request of this kind waits for the test. */
function slow(outlet: FakeOutlet, kind: "send" | "edit") {
  const reached = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const hold = async () => {
    reached.resolve();
    await going.promise;
  };
  const held: Outlet = {
    ...outlet,
    async send(...given) {
      if (kind === "send") await hold();
      return outlet.send(...given);
    },
    async edit(...given) {
      if (kind === "edit") await hold();
      return outlet.edit(...given);
    },
  };
  return { held, reached: reached.promise, go: going.resolve };
}

describe("a stop", () => {
  test("before the turn begins is the whole answer, and no model is asked", async () => {
    const { stop, runAgain, outlet, said } = await scene();
    const model = scriptedModel([]);
    await stop();

    await runAgain(model);

    expect(model.requests).toEqual([]);
    expect(shown(outlet)).toEqual([WORDS.stopped]);
    expect(await said()).toEqual(["person: What is it?"]);
  });

  test("while the answer grows ends the stream and marks what was said", async () => {
    const { stop, run, interrupt, outlet, said } = await scene();
    const model = heldModel("It is seven. Or ", "never said");

    const running = run(model);
    await outlet.until(([message]) => message?.content === "It is seven. Or ");
    await stop();
    interrupt("stopped");
    await running;

    expect(await model.aborted).toEqual(new TurnInterrupted("stopped"));
    expect(outlet.messages).toMatchObject([
      { content: `It is seven. Or\n\n${WORDS.stopped}`, running: false },
    ]);
    expect(await said()).toEqual(["person: What is it?", "clara: It is seven. Or"]);
  });

  test("before anything was shown leaves the mark alone", async () => {
    const { run, interrupt, outlet, said } = await scene();
    const model = heldModel("", "never said");

    const running = run(model);
    await model.held;
    interrupt("stopped");
    await running;

    expect(shown(outlet)).toEqual([WORDS.stopped]);
    expect(await said()).toEqual(["person: What is it?"]);
  });

  test("while a tool runs tells the tool, and keeps what was said before", async () => {
    const { run, interrupt, outlet, said } = await scene();
    const told = Promise.withResolvers<unknown>();
    const endless = defineTool({
      name: "wait",
      description: "Waits.",
      label: "Waiting",
      effect: "read",
      timeoutMs: 60_000,
      input: z.object({}),
      run: (_, { signal }) => {
        signal.addEventListener("abort", () => told.resolve(signal.reason));
        interrupt("stopped");
        return new Promise<never>(() => {});
      },
    });
    const { events, ...rest } = call(["wait", {}]);
    const [start, ...others] = events;
    const script = [
      {
        ...rest,
        events: [start!, { type: "text-delta" as const, text: "Let me see." }, ...others],
      },
    ];

    await run(scriptedModel(script), { tools: [endless] });

    expect(await told.promise).toEqual(new TurnInterrupted("stopped"));
    expect(shown(outlet)).toEqual([`Let me see.\n\n${WORDS.stopped}`]);
    expect(await said()).toEqual(["person: What is it?", "clara: Let me see."]);
  });

  test("while the answer is delivered comes too late", async () => {
    const { run, interrupt, outlet, said } = await scene();
    const { held, reached, go } = slow(outlet, "send");

    const running = run(scriptedModel([say("It is seven.")]), { outlet: held });
    await reached;
    interrupt("stopped");
    go();
    await running;

    expect(shown(outlet)).toEqual(["It is seven."]);
    expect(await said()).toEqual(["person: What is it?", "clara: It is seven."]);
  });

  test("leaves a delivery that a shutdown may still end, and the next process goes on", async () => {
    const { run, runAgain, interrupt, outlet } = await scene();
    const away: Outlet = {
      ...outlet,
      send: async () => {
        interrupt("stopped");
        interrupt("shutdown");
        throw new Error("Discord is away");
      },
    };

    await run(scriptedModel([say("It is seven.")]), { outlet: away });
    await runAgain(scriptedModel([]));

    expect(shown(outlet)).toEqual(["It is seven."]);
  });
});

describe("a question that is deleted", () => {
  test("before the turn begins gets no answer", async () => {
    const { take, runAgain, outlet, said } = await scene();
    const model = scriptedModel([]);
    await take();

    await runAgain(model);

    expect(model.requests).toEqual([]);
    expect(shown(outlet)).toEqual([]);
    expect(await said()).toEqual([]);
  });

  test("while the answer grows takes the half-written answer with it", async () => {
    const { take, run, interrupt, outlet, said } = await scene();
    const model = heldModel("It is seven. Or ", "never said");

    const running = run(model);
    await outlet.until(([message]) => message?.content === "It is seven. Or ");
    await take();
    interrupt("deleted");
    await running;

    expect(shown(outlet)).toEqual([]);
    expect(await said()).toEqual([]);
  });

  test("while the answer is delivered leaves the answer", async () => {
    const { take, run, interrupt, outlet, said } = await scene();
    const { held, reached, go } = slow(outlet, "send");

    const running = run(scriptedModel([say("It is seven.")]), { outlet: held });
    await reached;
    await take();
    interrupt("deleted");
    go();
    await running;

    expect(shown(outlet)).toEqual(["It is seven."]);
    expect(await said()).toEqual(["clara: It is seven."]);
  });

  test("after the answer leaves the answer", async () => {
    const { take, run, outlet, said } = await scene();
    await run(scriptedModel([say("It is seven.")]));

    await take();

    expect(shown(outlet)).toEqual(["It is seven."]);
    expect(await said()).toEqual(["clara: It is seven."]);
  });
});

describe("a question that is edited", () => {
  test("before the turn begins is read as it is then", async () => {
    const { edit, runAgain, outlet } = await scene();
    const model = scriptedModel([say("Eight.")]);
    await edit("What else?");

    await runAgain(model);

    expect(JSON.stringify(model.requests[0]?.messages)).toContain("What else?");
    expect(shown(outlet)).toEqual(["Eight."]);
  });

  test("while the answer grows is answered anew, in the same message", async () => {
    const { edit, run, runAgain, interrupt, outlet, said, id } = await scene();
    const model = heldModel("It is seven. Or ", "never said");

    const running = run(model);
    await outlet.until(([message]) => message?.content === "It is seven. Or ");
    await edit("What else?");
    interrupt("edited");
    await running;
    await runAgain(scriptedModel([say("Eight.")]));

    expect(outlet.messages).toMatchObject([{ id: id(1), content: "Eight.", running: false }]);
    expect(await said()).toEqual(["person: What else?", "clara: Eight."]);
  });

  test("while the first message is on its way is answered anew, in that message", async () => {
    const { edit, run, runAgain, interrupt, outlet } = await scene();
    const { held, reached, go } = slow(outlet, "send");

    const running = run(heldModel("It is seven. Or ", "never said"), { outlet: held });
    await reached;
    await edit("What else?");
    interrupt("edited");
    go();
    await running;
    await runAgain(scriptedModel([say("Eight.")]));

    expect(shown(outlet)).toEqual(["Eight."]);
  });

  test("while the answer is delivered is answered anew, in the same message", async () => {
    const { edit, run, runAgain, interrupt, outlet, said } = await scene();
    const { held, reached, go } = slow(outlet, "edit");
    const model = heldModel("It is seven. ", "Or eight.");

    const running = run(model, { outlet: held });
    await outlet.until(([message]) => message?.content === "It is seven. ");
    model.go();
    await reached;
    await edit("What else?");
    interrupt("edited");
    go();
    await running;
    await runAgain(scriptedModel([say("Nine.")]));

    expect(shown(outlet)).toEqual(["Nine."]);
    expect(await said()).toEqual(["person: What else?", "clara: Nine."]);
  });

  test("after the answer is answered anew: what is left over of a longer answer goes", async () => {
    const { edit, run, runAgain, outlet, id } = await scene();
    await run(scriptedModel([say("x".repeat(250))]));
    await edit("Shorter?");

    await runAgain(scriptedModel([say("Eight.")]));

    expect(outlet.messages).toMatchObject([{ id: id(1), content: "Eight." }]);
  });

  test("after the answer is answered anew: a longer answer goes on in new messages", async () => {
    const { edit, run, runAgain, outlet, id } = await scene();
    await run(scriptedModel([say("Seven.")]));
    await edit("Longer?");

    await runAgain(scriptedModel([say("y".repeat(250))]));

    expect(outlet.messages).toMatchObject([
      { id: id(1), content: "y".repeat(100) },
      { id: id(2), content: "y".repeat(100), follows: id(1) },
      { id: id(3), content: "y".repeat(50), follows: id(2) },
    ]);
  });
});
