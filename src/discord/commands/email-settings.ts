import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import { shown } from "../../agent/mail-words.ts";
import { defineCommand } from "./define-command.ts";
import {
  ACCOUNT,
  accountOf,
  clockWords,
  ownScopeOf,
  readClock,
  suggestAccount,
  type EmailDeps,
} from "./email-words.ts";

/** `/email channel`: where alerts go. Never anywhere but in private unless the owner says so, here, himself. */
export const channel = (deps: EmailDeps) =>
  defineCommand({
    name: "channel",
    description: "Where alerts of a mailbox go: in private, or here, where others read them, too",
    options: [
      {
        type: Option.String,
        name: "where",
        description: "Everybody who reads here will read who wrote to you, and about what",
        required: true,
        choices: [
          { name: "in private", value: "dm" },
          { name: "here, for all who read here", value: "here" },
        ],
      },
      {
        type: Option.String,
        name: "pings",
        description: "Whether alerts ping you; a rule may say otherwise",
        required: false,
        choices: [
          { name: "on", value: "on" },
          { name: "off", value: "off" },
        ],
      },
      ACCOUNT,
    ],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const scope = ownScopeOf(context.scope);
      const account = await accountOf(deps, scope, input);
      if (typeof account === "string") return account;
      const { conversation } = context;
      const isHere = input["where"] === "here" && conversation.audience.kind !== "private";
      await deps.accounts.change(scope, account.id, {
        channel: isHere ? conversation : null,
        ...(input["pings"] === undefined ? {} : { pings: input["pings"] === "on" }),
      });
      return isHere
        ? `Alerts of **${shown(account.address, 254)}** come here from now on: **everybody who reads here reads them**. Where you may not write any more, they come in private. \`/email channel where:in private\` ends that.`
        : `Alerts of **${shown(account.address, 254)}** come in private.`;
    },
  });

export const quiet = (deps: EmailDeps) =>
  defineCommand({
    name: "quiet",
    description: "Hours in which alerts wait; none is lost",
    options: [
      {
        type: Option.String,
        name: "from",
        description: 'For example 22:00; left out with "to", there are none',
        required: false,
        max_length: 5,
      },
      {
        type: Option.String,
        name: "to",
        description: "For example 7:00, on your clock (/remind zone)",
        required: false,
        max_length: 5,
      },
      ACCOUNT,
    ],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const scope = ownScopeOf(context.scope);
      const account = await accountOf(deps, scope, input);
      if (typeof account === "string") return account;
      const { from, to } = input;
      if (from === undefined && to === undefined) {
        await deps.accounts.change(scope, account.id, { quiet: null });
        return "Alerts come at any hour.";
      }
      const [begin, end] = [readClock(from ?? ""), readClock(to ?? "")];
      if (begin === null || end === null) return "Give both times, for example from 22:00 to 7:00.";
      await deps.accounts.change(scope, account.id, { quiet: { from: begin, to: end } });
      return `From ${clockWords(begin)} to ${clockWords(end)} (${await deps.zoneOf(scope)}) alerts wait, and come afterwards. What is waiting already keeps its time.`;
    },
  });

export const digest = (deps: EmailDeps) =>
  defineCommand({
    name: "digest",
    description: "When the mails come that your rules keep for the digest",
    options: [
      {
        type: Option.String,
        name: "at",
        description: "For example 8:00, on your clock (/remind zone)",
        required: true,
        max_length: 5,
      },
      ACCOUNT,
    ],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const scope = ownScopeOf(context.scope);
      const account = await accountOf(deps, scope, input);
      if (typeof account === "string") return account;
      const digestAt = readClock(input["at"] ?? "");
      if (digestAt === null) return "Give a time such as 8:00.";
      await deps.accounts.change(scope, account.id, { digestAt });
      return `The digest comes at ${clockWords(digestAt)} (${await deps.zoneOf(scope)}), when there is something in it.`;
    },
  });
