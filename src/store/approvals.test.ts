import { describe, expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import {
  ask,
  newChannel,
  newDm,
  newId,
  newName,
  start,
  type Place,
  type Started,
} from "../../test/talk.ts";
import type { ApprovalChoice, AskedCall, Clicker } from "../core/approvals.ts";
import { messageId } from "../core/ids.ts";
import { ScopeError, type Scope } from "../core/principal.ts";

const ADMIN = { permissions: 0x20n };

const asked = (change: Partial<AskedCall> = {}): AskedCall => ({
  tool: "send_mail",
  effect: "outside",
  input: { to: "bob" },
  argsHash: newId(),
  what: "Send an e-mail",
  target: "bob",
  reversible: false,
  clicker: "asker",
  taints: [{ source: "web", name: "example.com" }],
  ...change,
});

describeStore("Approvals", (open) => {
  const store = share(open);

  /** A call of ana's that waits, and how to decide on it. */
  async function scene(
    place: Place,
    name: string,
    change: Partial<AskedCall> = {},
    within: Started | null = null,
  ) {
    const question = place.message(name, "send it");
    const started = within ?? (await start(store(), await ask(store(), question)));
    const call = asked(change);
    const approval = await store().approvals.ask(started.lease, call);
    const trigger = messageId(`discord:${newId()}`);
    const decide = (scope: Scope, choice: ApprovalChoice = "once") =>
      store().approvals.decide(scope, place.conversation.id, {
        id: approval.id,
        choice,
        trigger: () => trigger,
        tellsDenial: false,
      });
    return { question, started, call, approval, trigger, decide };
  }

  const followUps = async ({ query }: TestStore, trigger: string) =>
    query("select id, person_id, trigger from turns where trigger_id = $1", [trigger]);

  test("forget a call with its question: nothing of its arguments is left, and nobody can approve it", async () => {
    const name = newName("ana");
    const place = newDm(name);
    const { question, started, approval, decide } = await scene(place, name);
    await store().turns.finish(started.lease, started.job, {
      state: "done",
      detail: "answered",
      answer: "It waits.",
    });

    await store().inbox.forget([question.id]);

    const [row] = await store().query(
      "select input, what, target, state from approvals where id = $1",
      [approval.id],
    );
    expect(row).toEqual({ input: {}, what: "", target: "", state: "void" });
    expect(await decide(place.scope(name))).toMatchObject({ kind: "settled" });
  });

  test("keep the same call of a turn once, and give it back as it was asked", async () => {
    const name = newName("ana");
    const { started, call, approval } = await scene(newDm(name), name);

    const again = await store().approvals.ask(started.lease, call);

    expect(again).toEqual(approval);
    expect(await store().approvals.openOf(started.lease)).toEqual([approval]);
    expect(approval).toMatchObject({ ...call, askerName: name, state: "open" });
  });

  test("two clicks at once decide once, and make one turn", async () => {
    const name = newName("ana");
    const place = newChannel();
    const { trigger, decide } = await scene(place, name);

    const all = await Promise.all(
      (["once", "deny", "once", "deny"] as const).map((choice) =>
        decide(place.scope(name), choice),
      ),
    );

    expect(all.map(({ kind }) => kind).toSorted()).toEqual([
      "decided",
      "settled",
      "settled",
      "settled",
    ]);
    const isApproved = all.some((one) => one.kind === "decided" && one.turnId !== null);
    expect(await followUps(store(), trigger)).toHaveLength(isApproved ? 1 : 0);
  });

  test("an approved call is handed to the turn that follows, and to no other", async () => {
    const name = newName("ana");
    const place = newDm(name);
    const { started, approval, trigger, decide } = await scene(place, name);
    await store().turns.finish(started.lease, started.job, {
      state: "done",
      detail: "answered",
      answer: "ok",
    });

    const decided = await decide(place.scope(name));

    const turnId = decided.kind === "decided" ? decided.turnId : null;
    const next = await start(store(), turnId!);
    expect(next.claim.turn).toMatchObject({ trigger: "approval", triggerId: trigger });
    expect(await store().approvals.toRun(next.lease)).toMatchObject({
      id: approval.id,
      input: { to: "bob" },
    });
    const eve = newName("eve");
    const other = await start(store(), await ask(store(), newDm(eve).message(eve, "hm")));
    expect(await store().approvals.toRun(other.lease)).toBeNull();
  });

  const clicks: readonly (readonly [string, Clicker, boolean, boolean, string])[] = [
    ["the asker decides his own", "asker", true, false, "decided"],
    ["another member decides nothing", "asker", false, false, "not-yours"],
    ["an admin decides nothing that is the asker's", "asker", false, true, "not-yours"],
    ["the asker decides nothing that is an admin's", "admin", true, false, "not-yours"],
    ["an admin decides what is an admin's", "admin", false, true, "decided"],
  ];
  test.each(clicks)("%s", async (_, clicker, isAsker, isAdmin, kind) => {
    const name = newName("ana");
    const place = newChannel();
    const { trigger, decide } = await scene(place, name, { clicker });
    const who = isAsker ? name : newName("ben");

    const decided = await decide(place.scope(who, isAdmin ? ADMIN : {}));

    expect(decided.kind).toBe(kind);
    const turns = await followUps(store(), trigger);
    expect(turns.map((turn) => turn["person_id"])).toEqual(
      kind === "decided" ? [`discord:${name}`] : [],
    );
  });

  test("an expired call is not made, and neither is one whose question was edited", async () => {
    const name = newName("ana");
    const place = newDm(name);
    const old = await scene(place, name);
    await store().query("update approvals set expires_at = now() where id = $1", [old.approval.id]);
    const other = newName("eve");
    const edited = await scene(newDm(other), other);
    await store().inbox.revise(newDm(other).scope(other), edited.question.id, "send nothing");

    expect(await old.decide(place.scope(name))).toMatchObject({ kind: "expired" });
    expect(await edited.decide(newDm(other).scope(other))).toMatchObject({ kind: "expired" });
    expect(await followUps(store(), old.trigger)).toEqual([]);
  });

  describe("agreed to for good", () => {
    test("holds for the tool in the conversation, or for the arguments, for this person and these readers", async () => {
      const [name, ben] = [newName("ana"), newName("ben")];
      const [place, elsewhere] = [newDm(name), newChannel()];
      const always = await scene(place, name, { tool: "one" });
      const here = await scene(place, name, { tool: "two" }, always.started);
      await always.decide(place.scope(name), "always");
      await here.decide(place.scope(name), "conversation");
      const granted = (scope: Scope, at: Place, tool: string, argsHash: string) =>
        store().approvals.isGranted(scope, at.conversation.id, { tool, argsHash });
      const own = place.scope(name);

      expect(await granted(own, place, "one", always.call.argsHash)).toBe(true);
      expect(await granted(own, place, "one", "other arguments")).toBe(false);
      expect(await granted(own, place, "two", "other arguments")).toBe(true);
      expect(await granted(elsewhere.scope(name), elsewhere, "one", always.call.argsHash)).toBe(
        false,
      );
      expect(await granted(newDm(ben).scope(ben), place, "two", here.call.argsHash)).toBe(false);
      expect(await store().approvals.revokeGrants(own)).toBe(2);
      expect(await granted(own, place, "two", here.call.argsHash)).toBe(false);
    });
  });

  test("rules are set by admins where they are, and a person's own can only be stricter", async () => {
    const place = newChannel();
    const name = newName("ana");
    const { toolRules } = store();
    const rule = { tool: "send_mail", verdict: "allow", clicker: "asker" } as const;
    const set = (scope: Scope, holder: "guild" | "channel" | "person", verdict: "allow" | "deny") =>
      toolRules.set(scope, place.conversation, { ...rule, holder, verdict });

    await expect(set(place.scope(name), "channel", "allow")).rejects.toThrow(ScopeError);
    await expect(set(place.scope(name), "guild", "deny")).rejects.toThrow(ScopeError);
    await expect(set(place.scope(name), "person", "allow")).rejects.toThrow(ScopeError);
    await set(place.scope(name, ADMIN), "guild", "allow");
    await set(place.scope(name), "person", "deny");

    const found = await toolRules.of(place.scope(name), place.conversation);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ ...rule, holder: "guild" });
    const ben = newName("ben");
    expect(await toolRules.of(place.scope(ben), place.conversation)).toEqual([
      { ...rule, holder: "guild" },
    ]);
    expect(await toolRules.of(newDm(ben).scope(ben), newDm(ben).conversation)).toEqual([]);
  });

  test("the audit gives the addresses that tools gave to a turn, for those who may read its answer", async () => {
    const name = newName("ana");
    const place = newDm(name);
    const { lease } = await start(store(), await ask(store(), place.message(name, "look")));
    const step = { seq: 0, kind: "tool", name: "look", effect: "read", input: {} } as const;
    await store().steps.begin(lease, [step]);
    const result = { text: "", sources: ["https://a.example"], links: ["https://b.example/1"] };
    await store().steps.end(lease, 0, result, null);

    const given = (scope: Scope) =>
      store().audit.addressesOf(scope, place.conversation.id, [lease.turnId]);

    expect(await given(place.scope(name))).toEqual(["https://a.example", "https://b.example/1"]);
    expect(await given(newDm("eve").scope("eve"))).toEqual([]);
  });

  test("the audit tells of each call who decided what and what came of it, for those who may read the answer", async () => {
    const name = newName("ana");
    const place = newDm(name);
    const { lease } = await start(store(), await ask(store(), place.message(name, "look")));
    const step = { kind: "tool", effect: "read", decision: "allow", argsHash: "abc" } as const;
    await store().steps.begin(lease, [{ ...step, seq: 1, name: "look", input: { at: "x" } }]);
    const taints = [{ source: "web", name: "example.com" }];
    await store().steps.end(lease, 1, { text: "", isError: true, taints }, null);

    const calls = await store().audit.ofTurn(place.scope(name), lease.turnId);

    expect(calls).toMatchObject([
      {
        tool: "look",
        decision: "allow",
        argsHash: "abc",
        argsShort: '{"at": "x"}',
        result: "error",
        taints,
      },
    ]);
    expect(await store().audit.recent(place.scope(name), 10)).toEqual(calls);
    const stranger = newDm(newName("eve"));
    expect(
      await store()
        .audit.ofTurn(stranger.scope("eve"), lease.turnId)
        .catch(() => []),
    ).toEqual([]);
  });
});
