import { accounts, disconnect, disconnectAction, pause, status, test } from "./email-accounts.ts";
import { connect, connectActions } from "./email-connect.ts";
import { draftActions, drafts } from "./email-drafts.ts";
import { pressActions } from "./email-press.ts";
import { presets, rule, ruleActions, rules } from "./email-rules.ts";
import { channel, digest, quiet } from "./email-settings.ts";
import type { EmailDeps } from "./email-words.ts";
import { defineGroup, type CommandGroup } from "./define-command.ts";

/** `/email`: a person's own mailboxes, seen by that person alone. */
export const emailGroup = (deps: EmailDeps): CommandGroup =>
  defineGroup({
    name: "email",
    description: "Your mailboxes: alerts, rules, drafts",
    commands: [
      connect(deps),
      accounts(deps),
      status(deps),
      rules(deps),
      rule(deps),
      presets(deps),
      drafts(deps),
      channel(deps),
      quiet(deps),
      digest(deps),
      pause(deps),
      disconnect(deps),
      test(deps),
    ],
    actions: [
      ...connectActions(deps),
      disconnectAction(deps),
      ...ruleActions(deps),
      ...draftActions(deps),
      ...pressActions(deps),
    ],
  });
