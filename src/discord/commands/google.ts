import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import type { GoogleConnection, GoogleStatus } from "../../core/google.ts";
import { toPlain } from "../plain.ts";
import { defineCommand, defineGroup, type CommandGroup } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";

interface Deps {
  readonly google: GoogleConnection;
}

const CONNECTIONS = "https://myaccount.google.com/connections";

/** `/google`: a person's own connection, read by that person alone. */
export const googleGroup = ({ google }: Deps): CommandGroup =>
  defineGroup({
    name: "google",
    description: "Your own Google: calendar, Drive, Sheets and Docs",
    commands: [connect({ google }), status({ google }), here({ google }), disconnect({ google })],
  });

const connect = ({ google }: Deps) =>
  defineCommand({
    name: "connect",
    description: "Connect your Google, or connect it again",
    options: [],
    async run(_, { scope }) {
      return {
        text: "This link is for you alone and works for 10 minutes. Do not pass it on: whoever opens it connects **their** Google to **you**.",
        rows: [
          [{ kind: "link", label: "Connect Google", url: await google.link(ownScope(scope)) }],
        ],
      };
    },
  });

const status = ({ google }: Deps) =>
  defineCommand({
    name: "status",
    description: "Which Google is connected, and what I may do there",
    options: [],
    run: async (_, { scope }) => statusWords(await google.status(scope)),
  });

const ALLOWED: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "allowed",
  description: "Everybody who reads here will see what I find",
  required: true,
  choices: [
    { name: "on", value: "on" },
    { name: "off", value: "off" },
  ],
};

const here = ({ google }: Deps) =>
  defineCommand({
    name: "here",
    description: "Whether I may use your Google for you in this place, although others read along",
    options: [ALLOWED],
    async run(input, { scope }) {
      if (scope.audience.kind === "private")
        return "Here nobody but you reads along: it works already.";
      const isAllowed = input["allowed"] === "on";
      if (!(await google.allowHere(scope, isAllowed))) return NOT_CONNECTED;
      return isAllowed
        ? "In this place I may use your Google when **you** ask. Everybody here reads what I find. `/google here allowed:off` ends that."
        : "In this place your Google stays closed.";
    },
  });

const disconnect = ({ google }: Deps) =>
  defineCommand({
    name: "disconnect",
    description: "Take it back at Google, and let me forget it",
    options: [],
    async run(_, { scope, signal }) {
      const ended = await google.disconnect(scope, signal);
      if (ended.kind === "nothing") return NOT_CONNECTED;
      return ended.isRevoked
        ? "Disconnected. It is taken back at Google, and I have forgotten it."
        : `I have forgotten it, but Google did not confirm. Take it back there, too: ${CONNECTIONS}`;
    },
  });

const NOT_CONNECTED = "Your Google is not connected. `/google connect` gives you a link.";

function statusWords(found: GoogleStatus): string {
  switch (found.kind) {
    case "nothing":
      return NOT_CONNECTED;
    case "locked":
      return "It was connected, but the key that sealed it is gone. `/google connect` gives you a new link.";
    case "revoked":
      return `Google no longer accepts the connection${named(found.email)}. \`/google connect\` gives you a new link.`;
    case "connected": {
      const others = found.otherPlaces;
      return [
        `Connected${named(found.email)}.`,
        `**Allowed:** ${found.services.join(", ") || "nothing"}`,
        ...(found.missing.length > 0 ? [`**Not allowed:** ${found.missing.join(", ")}`] : []),
        found.isAllowedHere
          ? "I may use it here."
          : "Here others read along, so I do not use it. `/google here allowed:on` changes that.",
        ...(others > 0
          ? [`-# Allowed in ${others} other ${others === 1 ? "place" : "places"}, too.`]
          : []),
      ].join("\n");
    }
  }
}

const named = (email: string | null): string => (email === null ? "" : ` as ${toPlain(email)}`);
