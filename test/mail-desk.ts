import type { MailDesk } from "../src/core/mail-desk.ts";
import type { SafeFetch } from "../src/core/net.ts";
import { createDesk } from "../src/mail/desk.ts";
import type { EmailDeps } from "../src/discord/commands/email-words.ts";
import type { TestStore } from "./open-test-store.ts";

/** The real desk; all hosts are on the loopback. `cas`: certificates that it trusts. */
export const openDesk = (
  { mailAccounts: accounts, mailDrafts: drafts, secrets }: TestStore,
  cas: readonly string[],
  fetch: SafeFetch = async () => ({
    kind: "failure",
    problem: "unreachable",
    says: "No net here.",
  }),
): MailDesk =>
  createDesk({
    accounts,
    drafts,
    secrets,
    fetch,
    net: {
      findHost: async () => ({ kind: "host", addresses: ["127.0.0.1"] }),
      ...(cas.length === 0 ? {} : { ca: cas.join("\n") }),
    },
    zoneOf: async () => "UTC",
    pollMinutes: 5,
    poke: () => {},
  });

/** What `/email` needs, where no mail server is. */
export const openEmailDeps = (store: TestStore): EmailDeps => ({
  accounts: store.mailAccounts,
  rules: store.mailRules,
  drafts: store.mailDrafts,
  mails: store.mails,
  files: { save: async () => ({ kind: "full", quotaBytes: 0 }) },
  desk: openDesk(store, []),
  writer: { write: async () => ({ kind: "unclear", why: "No model here." }) },
  zoneOf: async () => "UTC",
  clock: { now: () => new Date(), elapsedMs: () => performance.now() },
});
