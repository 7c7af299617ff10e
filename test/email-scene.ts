import { emailGroup } from "../src/discord/commands/email.ts";
import { createEmailPress } from "../src/discord/commands/email-press.ts";
import type { EmailDeps } from "../src/discord/commands/email-words.ts";
import type { ActionOutcome } from "../src/discord/commands/define-action.ts";
import type { CommandContext } from "../src/discord/commands/define-command.ts";
import type { Control, Reply } from "../src/discord/commands/reply.ts";
import type { MailDesk, RuleWriter } from "../src/core/mail-desk.ts";
import type { TestStore } from "./open-test-store.ts";

const noWriter: RuleWriter = { write: async () => ({ kind: "unclear", why: "No model here." }) };

/** The whole of `/email` as a person uses it, without Discord. */
export function openEmail(
  store: TestStore,
  desk: MailDesk,
  given: CommandContext,
  change: Partial<EmailDeps> = {},
) {
  const deps: EmailDeps = {
    accounts: store.mailAccounts,
    rules: store.mailRules,
    drafts: store.mailDrafts,
    mails: store.mails,
    files: { save: async () => ({ kind: "full", quotaBytes: 0 }) },
    desk,
    writer: noWriter,
    zoneOf: async () => "UTC",
    clock: { now: () => new Date(), elapsedMs: () => performance.now() },
    ...change,
  };
  const group = emailGroup(deps);
  const press = createEmailPress(deps);
  const controlOf = (reply: Reply, label: string): Exclude<Control, { kind: "link" }> => {
    const found = (reply.rows ?? [])
      .flat()
      .find((each) => ("label" in each ? each.label : each.placeholder) === label);
    if (!found || found.kind === "link") throw new Error(`There is no ${label}`);
    return found;
  };
  return {
    async run(name: string, input: Readonly<Record<string, string>> = {}): Promise<Reply> {
      const command = group.commands.find((each) => each.name === name);
      if (!command) throw new Error(name);
      const reply = await command.run(input, given);
      return typeof reply === "string" ? { text: reply } : reply;
    },
    /** A click on a control of a reply; a form that it opens is filled in with `fields`. */
    async click(
      reply: Reply,
      label: string,
      { fields = {}, values = [] }: { fields?: Record<string, string>; values?: string[] } = {},
    ): Promise<Reply> {
      const control = controlOf(reply, label);
      const actions = group.actions ?? [];
      let { action: name, data } = control;
      let action = actions.find((each) => each.name === name);
      let filled = fields;
      if (action && "form" in action) {
        const form = action.form({ data, values, fields: {} }, given);
        const before = form.fields.flatMap(({ name: field, value }) =>
          value === undefined ? [] : [[field, value] as const],
        );
        filled = { ...Object.fromEntries(before), ...fields };
        ({ action: name, data } = form);
        action = actions.find((each) => each.name === name);
      }
      if (!action || "form" in action) throw new Error(`${name} leads nowhere`);
      const outcome: ActionOutcome = await action.run({ data, values, fields: filled }, given);
      return outcome.kind === "nothing" ? { text: "" } : outcome.reply;
    },
    async press(leadsTo: string, by: CommandContext = given): Promise<Reply> {
      const outcome = await press(leadsTo, by);
      if (outcome === null) throw new Error(`${leadsTo} leads nowhere`);
      return outcome.kind === "reply" ? outcome.reply : { text: outcome.text };
    },
  };
}
