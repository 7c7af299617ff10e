import type { ImapFlow } from "imapflow";
import type { MailAccount, MailAccounts, MailConnection } from "../core/mail.ts";
import { mailSecretName } from "../core/mail.ts";
import type { AtServer, MailDesk } from "../core/mail-desk.ts";
import type { MailDrafts } from "../core/mail-drafts.ts";
import type { SafeFetch } from "../core/net.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { SecretStore } from "../core/secrets.ts";
import { Secret } from "../lib/secret.ts";
import { fits, wrongPattern } from "./conditions.ts";
import { openImap, type MailNet } from "./imap.ts";
import {
  findAlerted,
  foldersOf,
  MAX_WHOLE_BYTES,
  newestMails,
  readUid,
  searchFolder,
} from "./mailbox.ts";
import { readRules } from "./original-rules.ts";
import { PRESETS } from "./presets.ts";
import { guessSettings } from "./providers.ts";
import { readAttachment } from "./read-mime.ts";
import { checkSmtp, sendLetter } from "./smtp.ts";
import { MailTrouble, toTrouble } from "./trouble.ts";
import { fetchMails } from "./fetch-mails.ts";
import { shown } from "../agent/mail-words.ts";

const DRY_RUN_MAILS = 50;
const ARCHIVE_MS = 30_000;
const UNSUBSCRIBE_MS = 15_000;

export interface DeskDeps {
  readonly accounts: MailAccounts;
  readonly drafts: MailDrafts;
  readonly secrets: SecretStore;
  readonly net: MailNet;
  readonly fetch: SafeFetch;
  readonly zoneOf: (scope: Scope) => Promise<string>;
  readonly pollMinutes: number;
  readonly poke: () => void;
}

/** See core/mail-desk.ts. A connection for each thing that is asked for; none is kept. */
export function createDesk(deps: DeskDeps): MailDesk {
  const { accounts, drafts, secrets, net } = deps;

  async function secretOf(account: MailAccount): Promise<Secret> {
    const owner = { kind: "person", userId: account.owner } as const;
    const found = await secrets.get(owner, mailSecretName(account));
    if (found.kind !== "found") throw new MailTrouble("locked");
    return found.secret;
  }

  /** null from the body: it is not there. */
  async function at<Value>(
    scope: Scope,
    accountId: number,
    signal: AbortSignal,
    body: (client: ImapFlow, account: MailAccount) => Promise<Value | null>,
  ): Promise<AtServer<Value>> {
    const account = await accounts.one(scope, accountId);
    if (!account) return { kind: "unknown" };
    return atServer(signal, async () => {
      const client = await openImap(net, account, await secretOf(account), signal);
      const close = () => client.close();
      signal.addEventListener("abort", close, { once: true });
      try {
        return await body(client, account);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      } finally {
        signal.removeEventListener("abort", close);
        client.close();
      }
    });
  }

  return {
    guess: guessSettings,
    presets: PRESETS,
    readRules,
    wrongPattern,
    poke: deps.poke,

    async connect(scope, connection, password, signal) {
      readableKeys(scope);
      const secret = new Secret(password);
      const tried = await atServer(signal, async () => {
        const client = await openImap(net, connection, secret, signal);
        client.close();
        return true;
      });
      if (tried.kind !== "done") return tried;
      const owner = { kind: "person", userId: scope.principal.userId } as const;
      const name = mailSecretName(connection);
      await secrets.put(owner, name, password);
      const added = await accounts.add(scope, { ...connection, pollMinutes: deps.pollMinutes });
      if (added.kind === "too-many") {
        await secrets.remove(owner, name);
        return added;
      }
      deps.poke();
      return { kind: "done", value: added.account };
    },

    test: (scope, accountId, signal) =>
      at(scope, accountId, signal, async (client, account) => {
        const folders = (await foldersOf(client)).length;
        return { folders, canSend: await canSend(net, account, await secretOf(account)) };
      }),

    folders: (scope, accountId, signal) => at(scope, accountId, signal, foldersOf),

    search: (scope, accountId, folder, search, limit, signal) =>
      at(scope, accountId, signal, (client) => searchFolder(client, folder, search, limit)),

    read: (scope, accountId, folder, uid, signal) =>
      at(scope, accountId, signal, (client, account) =>
        readUid(client, account, { folder, uid }, signal),
      ),

    readAlerted: (scope, mail, signal) =>
      at(scope, mail.accountId, signal, async (client, account) => {
        const found = await findAlerted(client, account, mail, { signal, isToChange: false });
        return found?.whole ?? null;
      }),

    archive: (scope, mail, signal) =>
      at(scope, mail.accountId, signal, async (client, account) => {
        const folders = await client.list();
        const target =
          folders.find(({ specialUse }) => specialUse === "\\Archive") ??
          folders.find(({ specialUse }) => specialUse === "\\All");
        if (!target) return null;
        const found = await findAlerted(client, account, mail, { signal, isToChange: true });
        if (!found) return null;
        const timer = setTimeout(() => client.close(), ARCHIVE_MS);
        const moved = await client
          .messageMove(String(found.uid), target.path, { uid: true })
          .finally(() => clearTimeout(timer));
        return moved === false ? null : shown(target.path, 100);
      }),

    attachment: (scope, accountId, folder, uid, index, signal) =>
      at(scope, accountId, signal, async (client) => {
        await client.mailboxOpen(folder, { readOnly: true });
        const [mail] = await fetchMails(client, [uid], MAX_WHOLE_BYTES);
        return mail ? readAttachment(mail.source, index, signal) : null;
      }),

    dryRun: (scope, accountId, definition, signal) =>
      at(scope, accountId, signal, async (client, account) => {
        const zone = await deps.zoneOf(scope);
        const newest = await newestMails(client, account, DRY_RUN_MAILS, signal);
        const fitting = newest.filter(({ mail, content }) =>
          fits(definition, { ...mail, content, zone }),
        );
        return {
          looked: newest.length,
          fitting: fitting
            .map(({ mail, content }) => ({
              uid: mail.uid,
              from: content.from.address,
              subject: content.subject,
              receivedAt: mail.receivedAt,
              isUnread: false,
              sizeBytes: mail.sizeBytes,
            }))
            .toReversed(),
        };
      }),

    async send(scope, draftId, signal) {
      const draft = await drafts.one(scope, draftId);
      const account = draft && (await accounts.one(scope, draft.accountId));
      if (!draft || !account) return { kind: "unknown" };
      const begun = await drafts.begin(scope, draftId);
      if (!begun) return { kind: "unknown" };
      const sent = await atServer(signal, async () =>
        sendLetter(net, account, await secretOf(account), begun),
      ).catch(async (error: unknown) => {
        await drafts.end(scope, draftId, "uncertain");
        throw error;
      });
      await drafts.end(scope, draftId, sent.kind === "done" ? sent.value : "open");
      return sent;
    },

    async unsubscribe(scope, { unsubscribe }, signal) {
      if (unsubscribe?.oneClick == null) return false;
      const answer = await deps.fetch({
        url: unsubscribe.oneClick,
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "List-Unsubscribe=One-Click",
        onBehalfOf: scope.principal.userId,
        maxBytes: 10_000,
        overflow: "cut",
        maxMs: UNSUBSCRIBE_MS,
        signal,
      });
      return answer.kind === "answer" && answer.status >= 200 && answer.status < 300;
    },
  };
}

/** null from the body: it is not there. */
async function atServer<Value>(
  signal: AbortSignal,
  body: () => Promise<Value | null>,
): Promise<AtServer<Value>> {
  try {
    const value = await body();
    return value === null ? { kind: "unknown" } : { kind: "done", value };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "trouble", problem: toTrouble(error).problem };
  }
}

async function canSend(net: MailNet, account: MailConnection, secret: Secret): Promise<boolean> {
  if (account.smtp === null) return false;
  try {
    await checkSmtp(net, account, secret);
    return true;
  } catch {
    return false; // Told as what it means: nothing can be sent.
  }
}

/** A folder that is not there: the server answers NO, and the connection is as good as before. */
const isMissing = (error: unknown): boolean => {
  const { mailboxMissing, code } = error as { mailboxMissing?: unknown; code?: unknown };
  return mailboxMissing === true || code === "NotFound";
};
