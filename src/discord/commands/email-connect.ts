import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import { z } from "zod";
import { MAIL_PROBLEMS, shown } from "../../agent/mail-words.ts";
import type { MailConnection, MailProvider, MailServer } from "../../core/mail.ts";
import { MAX_MAIL_ACCOUNTS } from "../../core/mail.ts";
import { defineAction, defineFormAction } from "./define-action.ts";
import { defineCommand, type CommandInput } from "./define-command.ts";
import { ownScopeOf, type EmailDeps } from "./email-words.ts";
import type { Reply } from "./reply.ts";

const ASK = "email-password";
const ENTER = "email-connect";
const ADDRESS = /^[^\s@<>"']{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,}$|^[^\s@<>"']{1,64}@localhost$/i;
const MAX_SECRET_CHARS = 4_000;

const HINTS: Readonly<Record<MailProvider, string>> = {
  gmail:
    "Gmail wants an **app password** (https://myaccount.google.com/apppasswords), not the one of your account.",
  icloud:
    "iCloud wants an **app-specific password** (https://account.apple.com, Sign-In and Security).",
  outlook:
    "Outlook takes no passwords any more, but an **access token** of OAuth2 with the right IMAP.AccessAsUser.All. It ends after an hour or so; docs/MAIL.md says what that means.",
  yahoo: "Yahoo wants an **app password** (https://login.yahoo.com/account/security).",
  imap: "Many providers want an app password in place of the one of your account.",
};

const server = z.object({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  security: z.enum(["tls", "starttls"]),
});
const connection = z.object({
  address: z.string(),
  login: z.string(),
  provider: z.enum(["gmail", "icloud", "outlook", "yahoo", "imap"]),
  auth: z.enum(["password", "oauth"]),
  imap: server,
  smtp: server.nullable(),
});

/** `/email connect`: servers are found by the address; the password is asked for in a form, tried, and kept sealed. */
export const connect = (deps: EmailDeps) =>
  defineCommand({
    name: "connect",
    description:
      "Connect a mailbox of yours; its password is asked for in a form that only you see",
    options: [
      {
        type: Option.String,
        name: "address",
        description: "Your address",
        required: true,
        max_length: 254,
      },
      {
        type: Option.String,
        name: "server",
        description:
          "The IMAP server, for example imap.example.com or imap.example.com:993; left out for large providers",
        required: false,
        max_length: 260,
      },
      {
        type: Option.String,
        name: "sending",
        description: "The SMTP server, for example smtp.example.com:465; left out, the same host",
        required: false,
        max_length: 260,
      },
    ],
    async run(input) {
      const wanted = toConnection(deps, input);
      return typeof wanted === "string" ? wanted : offer(wanted);
    },
  });

/** What its button and form lead to. */
export const connectActions = (deps: EmailDeps) => [
  defineFormAction({
    name: ASK,
    form: ({ data }) => ({
      title: "Connect a mailbox",
      fields: [
        {
          name: "login",
          label: "The name that the server knows",
          style: "short",
          value: connection.parse(data).login,
          isRequired: true,
          maxLength: 254,
        },
        {
          name: "password",
          label: "The password; it is tried, then kept sealed",
          style: "short",
          isRequired: true,
          maxLength: MAX_SECRET_CHARS,
        },
      ],
      action: ENTER,
      data,
    }),
  }),
  defineAction({
    name: ENTER,
    async run({ data, fields }, { scope, signal }) {
      const wanted = { ...connection.parse(data), login: fields["login"]?.trim() ?? "" };
      const password = fields["password"] ?? "";
      const done = await deps.desk.connect(ownScopeOf(scope), wanted, password, signal);
      if (done.kind === "too-many")
        return whisper(
          `You have ${MAX_MAIL_ACCOUNTS} mailboxes, which is the most. Disconnect one first.`,
        );
      if (done.kind !== "done") {
        const why = done.kind === "trouble" ? MAIL_PROBLEMS[done.problem] : "";
        const { text, rows = [] } = offer(wanted);
        return { kind: "whisper", reply: { text: `That did not work. ${why}\n\n${text}`, rows } };
      }
      return whisper(
        `📬 **${shown(wanted.address, 254)}** works and is watched from now on. What is there already is not told.\nWithout rules you hear of nothing: \`/email presets\` has ready ones (\`everything\` tells of every mail), \`/email rule\` makes one of your words.`,
      );
    },
  }),
];

const whisper = (text: string) => ({ kind: "whisper", reply: { text } }) as const;

function toConnection({ desk }: EmailDeps, input: CommandInput): MailConnection | string {
  const address = (input["address"] ?? "").trim().toLowerCase();
  if (!ADDRESS.test(address)) return "That is no mail address.";
  const guessed = desk.guess(address);
  const imap = input["server"] === undefined ? guessed?.imap : readServer(input["server"], 993);
  if (imap === null) return "Give the server as imap.example.com or imap.example.com:993.";
  if (imap === undefined)
    return "I do not know the servers of that address. Give the IMAP server in `server`; your provider names it.";
  const sending = input["sending"];
  const smtp =
    sending === undefined
      ? input["server"] === undefined
        ? (guessed?.smtp ?? null)
        : null
      : readServer(sending, 465);
  if (sending !== undefined && smtp === null) return "Give `sending` as smtp.example.com:465.";
  const known = input["server"] === undefined ? guessed : null;
  return {
    address,
    login: address,
    provider: known?.provider ?? "imap",
    auth: known?.auth ?? "password",
    imap,
    smtp,
  };
}

/** Ports at which one begins in clear text and goes on encrypted, or not at all. */
const STARTTLS_PORTS = new Set([143, 587, 2525]);

function readServer(text: string, usual: number): MailServer | null {
  const [, host = "", port = String(usual)] =
    /^\s*([a-z0-9.-]{1,253})(?::(\d{1,5}))?\s*$/i.exec(text) ?? [];
  if (host === "" || Number(port) > 65_535) return null;
  const security = STARTTLS_PORTS.has(Number(port)) ? "starttls" : "tls";
  return { host: host.toLowerCase(), port: Number(port), security };
}

const offer = (wanted: MailConnection): Reply => ({
  text: [
    `**${shown(wanted.address, 254)}** at ${wanted.imap.host}:${wanted.imap.port}, encrypted.${wanted.smtp === null ? " Without a server for sending: drafts stay here." : ""}`,
    HINTS[wanted.provider],
    "-# Only you see this. I sign in once to try it; what you enter is sealed at rest and never shown.",
  ].join("\n"),
  rows: [
    [
      {
        kind: "button",
        label: wanted.auth === "oauth" ? "Enter the token" : "Enter the password",
        action: ASK,
        data: connection.parse(wanted),
        style: "primary",
      },
    ],
  ],
});
