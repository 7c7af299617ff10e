import { expect, test } from "vitest";
import { openEmailDeps } from "../../../test/mail-desk.ts";
import { plantMail, privateScope } from "../../../test/mail-rows.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { conversationId } from "../../core/ids.ts";
import type { Scope } from "../../core/principal.ts";
import type { Tool } from "../../core/tool.ts";
import { mailTools } from "./all.ts";
import { ownMailboxTools } from "./own-mailbox.ts";

const store = share(openEmbeddedStore);

function scene() {
  const name = newName("ana");
  const scope = newDm(name).scope(name);
  const tools = mailTools(openEmailDeps(store()));
  return { name, scope, tools };
}

async function use(tools: readonly Tool[], name: string, input: object, scope: Scope) {
  const tool = tools.find((each) => each.name === name);
  if (!tool) throw new Error(`There is no ${name}`);
  const context = {
    scope,
    conversationId: conversationId("c"),
    signal: new AbortController().signal,
  };
  return tool.run(tool.input.parse(input), context);
}

test("all of the original's are there, and a draft besides", () => {
  const { tools } = scene();

  expect(tools.map(({ name }) => name).toSorted()).toEqual([
    "email_add_rule",
    "email_apply_preset",
    "email_connect_gmail",
    "email_connect_imap",
    "email_disconnect",
    "email_draft",
    "email_list_accounts",
    "email_list_folders",
    "email_list_inbox",
    "email_list_presets",
    "email_list_rules",
    "email_read",
    "email_recent_alerts",
    "email_remove_rule",
    "email_search",
    "email_set_alert_channel",
    "email_set_quiet_hours",
    "email_status",
    "email_toggle_ping",
  ]);
});

test("none does anything where others read along", async () => {
  const { name, tools, scope } = scene();
  await plantMail(store(), scope, newName("canary"));
  const there = newChannel().scope(name);

  const said = await Promise.all([
    use(tools, "email_list_accounts", {}, there),
    use(tools, "email_recent_alerts", {}, there),
    use(tools, "email_set_quiet_hours", { start_hour: 1, end_hour: 2 }, there),
  ]);

  expect(said.map(({ isError, text }) => [isError, text.includes("canary")])).toEqual([
    [true, false],
    [true, false],
    [true, false],
  ]);
  expect(await store().mailAccounts.list(privateScope(scope))).toMatchObject([{ quiet: null }]);
});

test("what mails say taints the turn, and what is ours does not", async () => {
  const { scope, tools } = scene();
  const words = newName("canary");
  await plantMail(store(), scope, words);

  const alerts = await use(tools, "email_recent_alerts", {}, scope);
  const accounts = await use(tools, "email_list_accounts", {}, scope);

  expect(alerts.text).toContain(words);
  expect(alerts.taints).toEqual([{ source: "mail", name: "alerts" }]);
  expect(accounts.taints).toBeUndefined();
});

test("settings, presets and rules are changed for their owner", async () => {
  const { scope, tools } = scene();
  const { accountId } = await plantMail(store(), scope, newName("words"));

  await use(tools, "email_set_quiet_hours", { start_hour: 22, end_hour: 7 }, scope);
  await use(tools, "email_toggle_ping", { enabled: true }, scope);
  await use(tools, "email_apply_preset", { preset_name: "shipping" }, scope);
  const added = await use(
    tools,
    "email_add_rule",
    { name: "Boss", sender_contains: ["boss"], subject_regex: "now", match_mode: "all" },
    scope,
  );
  const wrong = await use(tools, "email_add_rule", { name: "Bad", subject_regex: "(" }, scope);
  const removed = await use(tools, "email_remove_rule", { rule_name: "Boss" }, scope);
  const elsewhere = await use(tools, "email_set_alert_channel", { channel_id: "123" }, scope);

  expect(await store().mailAccounts.one(scope, accountId)).toMatchObject({
    quiet: { from: 1_320, to: 420 },
    pings: true,
    channel: null,
  });
  expect(added.text).toContain("Boss holds");
  expect(wrong.text).toContain("cannot be used");
  expect(removed.text).toBe("Boss is gone.");
  expect(elsewhere.text).toContain("Only the person can say so");
  expect((await store().mailRules.list(scope)).some(({ preset }) => preset === "shipping")).toBe(
    true,
  );
});

test("a draft is kept and not sent", async () => {
  const { scope, tools } = scene();
  await plantMail(store(), scope, newName("words"));

  const said = await use(
    tools,
    "email_draft",
    { to: ["ben@example.org"], subject: "Hi", text: "Hello" },
    scope,
  );

  expect(said.text).toContain("It is not sent");
  expect((await store().mailDrafts.list(scope))[0]).toMatchObject({ state: "open", text: "Hello" });
});

test("her own mailbox is for whoever runs her, in private", async () => {
  const { name, scope } = scene();
  const sent: string[] = [];
  const tools = (isOperator: boolean) =>
    ownMailboxTools({
      mailbox: {
        address: "clara@example.com",
        search: async () => ({ kind: "done", value: [] }),
        async send({ to }) {
          sent.push(to);
          return { kind: "done", value: "sent" };
        },
      },
      operators: { isOperator: async () => isOperator },
      clock: systemClock,
    });
  const letter = { to: "ben@example.org", subject: "Hi", body: "Hello" };

  const stranger = await use(tools(false), "send_email", letter, scope);
  const aloud = await use(tools(true), "send_email", letter, newChannel().scope(name));
  const own = await use(tools(true), "send_email", letter, scope);

  expect([stranger.isError, aloud.isError]).toEqual([true, true]);
  expect(own.text).toBe("The mail to ben@example.org is out.");
  expect(sent).toEqual(["ben@example.org"]);
});
