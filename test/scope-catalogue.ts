import { userId, type MessageId, type TurnId } from "../src/core/ids.ts";
import { ownerShelf, type NewFact } from "../src/core/memory.ts";
import type { IncomingMessage, TranscriptMessage } from "../src/core/message.ts";
import { audienceKey, type Scope } from "../src/core/principal.ts";
import type { StepCost } from "../src/core/turn.ts";
import { alertNow, type PlantedMail } from "./mail-rows.ts";
import type { TestStore } from "./open-test-store.ts";
import type { Place, Started } from "./talk.ts";

/** What one place holds, and whoever asks for it from elsewhere must not see or change. */
export interface Canary {
  readonly place: Place;
  readonly name: string;
  readonly words: string;
  readonly heard: IncomingMessage;
  readonly answerId: MessageId;
  readonly running: Started;
  readonly waiting: TurnId;
  readonly approvalId: string;
  readonly reminderId: number;
  readonly scheduleId: number;
  readonly factId: string;
  /** Shared with the place's guild; empty in a private place. */
  readonly sharedId: string;
  readonly intentionId: string;
  readonly episodeId: string;
  readonly relationId: string;
  readonly mail: PlantedMail;
}

/** A function of a store: how it keeps to the scope. */
export type Entry =
  /** Is called with scopes that must not reach the canary; gives what it shows. */
  | {
      readonly takes: "scope";
      readonly call: (from: Call) => Promise<unknown>;
      /** Tables to which it adds rows of the caller's own. */
      readonly leaves?: readonly string[];
      /** True when it belongs to the guild, and who may do it there is the gate's to say. */
      readonly withinGuild?: boolean;
    }
  /** Writes one turn, for the worker that holds it; leases.test.ts walks these. */
  | { readonly takes: "lease" }
  /** Touches no words of people, or acts on what the platform itself told. In words why. */
  | { readonly takes: "neither"; readonly because: string };

export interface Call {
  readonly store: TestStore;
  readonly scope: Scope;
  readonly canary: Canary;
}

const COST: StepCost = {
  provider: "p",
  model: "m",
  usage: {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    costUsd: 1,
    estimated: false,
  },
};
/** What the canary's person agreed to for good. */
export const GRANTED = { tool: "canary_tool", argsHash: "granted" };
export const FACT: NewFact = {
  kind: "other",
  text: "a fact",
  subject: "",
  isKey: false,
  confidence: 0.8,
  origin: "heard",
  validFrom: new Date("2026-01-01T00:00:00Z"),
  sources: [],
  conversationId: null,
  replaces: [],
  sameAs: null,
};
export const EPISODE = {
  summary: "They talked about the boat",
  topics: ["boat"],
  tone: null,
  toneConfidence: 0,
} as const;
/** As the transcript gives it. */
export const lineOf = ({ author, ...message }: IncomingMessage): TranscriptMessage => ({
  ...message,
  role: "person",
  authorId: author.userId,
  authorName: author.displayName,
});
export const EVER = new Date(0);
/** What the canary has attached. */
export const SPOKEN = { id: "9", name: "a.ogg", contentType: null, sizeBytes: 1, url: "" };
/** When the reminder and the schedule of a canary are due. */
export const TIMED = {
  dueAt: new Date("2100-01-01T00:00:00Z"),
  repeat: null,
  times: 1,
  zone: "UTC",
} as const;

const unlessUnknown = ({ kind }: { readonly kind: string }) => (kind === "unknown" ? null : kind);

/** Every function of every store. One that is not here fails the test: say how it keeps to the scope. */
export const CATALOGUE: Readonly<Record<string, Entry>> = {
  "inbox.accept": {
    takes: "scope",
    call: ({ store, scope, canary: { heard } }) =>
      store.inbox.accept(scope, heard, { trigger: "mention", tier: null }, () => null),
  },
  "inbox.hear": {
    takes: "scope",
    call: ({ store, scope, canary: { place, name } }) =>
      store.inbox.hear([{ scope, message: place.message(name, "forged") }]),
  },
  "inbox.revise": {
    takes: "scope",
    call: ({ store, scope, canary: { heard } }) => store.inbox.revise(scope, heard.id, "forged"),
  },
  "inbox.forget": {
    takes: "neither",
    because: "the platform told that the messages are gone; it only takes words away, by id",
  },
  "inbox.watermarks": {
    takes: "neither",
    because: "the program reads on where it left off; it gives places and ids, no words",
  },
  "turns.claim": { takes: "lease" },
  "turns.finish": { takes: "lease" },
  "turns.interrupted": { takes: "lease" },
  "turns.cancel": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.turns.cancel(scope, running.lease.turnId, "stopped"),
  },
  "turns.openTurn": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.turns.openTurn(scope, place.conversation.id),
  },
  "queue.fetch": { takes: "neither", because: "jobs are ids" },
  "queue.touch": { takes: "neither", because: "jobs are ids" },
  "queue.release": { takes: "neither", because: "jobs are ids" },
  "queue.drop": { takes: "neither", because: "jobs are ids" },
  "queue.onWork": { takes: "neither", because: "it only wakes" },
  "steps.begin": { takes: "lease" },
  "steps.end": { takes: "lease" },
  "outbox.open": { takes: "lease" },
  "outbox.plan": { takes: "lease" },
  "outbox.settle": { takes: "lease" },
  "outbox.sent": {
    takes: "neither",
    because: "it adds the platform's id to a part; knowing an id is true whoever learnt it",
  },
  "transcript.recent": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.transcript.recent(scope, place.conversation.id, { limit: 50, upTo: null, after: null }),
  },
  "transcript.chain": {
    takes: "scope",
    call: ({ store, scope, canary: { answerId } }) => store.transcript.chain(scope, answerId, 10),
  },
  "transcript.search": {
    takes: "scope",
    call: ({ store, scope, canary: { place, words } }) =>
      store.transcript.search(scope, place.conversation.id, { words, from: null, limit: 10 }),
  },
  "transcript.summary": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.transcript.summary(scope, place.conversation.id),
  },
  "transcript.saveSummary": {
    takes: "scope",
    call: ({ store, scope, canary: { place, heard } }) =>
      store.transcript.saveSummary(scope, place.conversation.id, {
        text: "forged",
        upTo: heard.id,
        upToAt: heard.sentAt,
      }),
  },
  "ledger.spent": {
    takes: "scope",
    call: async ({ store, scope, canary: { place } }) => {
      const spent = await store.ledger.spent(scope, place.conversation.id, "channel", EVER);
      return spent.turns === 0 && spent.costUsd === 0 ? null : spent;
    },
  },
  "ledger.reserve": {
    takes: "scope",
    call: ({ store, scope, canary: { place, running } }) =>
      store.ledger.reserve(scope, running.lease, place.conversation.id, [], EVER, 1),
  },
  "ledger.charge": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.ledger.charge(scope, place.conversation.id, {
        purpose: "summary",
        turnId: null,
        cost: COST,
      }),
  },
  "gateLog.record": { takes: "neither", because: "it writes ids and a reason, no words" },
  "gateLog.about": {
    takes: "scope",
    call: ({ store, scope, canary: { heard } }) => store.gateLog.about(scope, heard.id),
  },
  "gateLog.tidy": { takes: "neither", because: "it removes what is old" },
  "acquaintances.meet": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.acquaintances.meet(scope, place.conversation),
  },
  "acquaintances.lastSpokeAt": {
    takes: "neither",
    because: "it gives when the asker himself wrote last, and nothing of what or to whom",
  },
  "explanations.explain": {
    takes: "scope",
    call: ({ store, scope, canary: { answerId } }) => store.explanations.explain(scope, answerId),
  },
  "explanations.explainTurns": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.explanations.explainTurns(scope, [running.lease.turnId]),
  },
  "explanations.fateOf": {
    takes: "scope",
    call: async ({ store, scope, canary: { heard } }) => {
      const fate = await store.explanations.fateOf(scope, heard.id);
      return fate.kind === "unknown" ? null : fate;
    },
  },
  "followUps.press": {
    takes: "scope",
    call: async ({ store, scope, canary: { running } }) => {
      const press = {
        turnId: running.lease.turnId,
        kind: "retry",
        pressId: "1",
        text: "again",
      } as const;
      const pressed = await store.followUps.press(scope, press);
      return pressed.kind === "gone" || pressed.kind === "not-yours" ? null : pressed;
    },
  },
  "channels.modes": { takes: "neither", because: "a channel's mode is no person's" },
  "channels.setMode": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope, canary: { place } }) =>
      store.channels.setMode(scope, place.conversation.channelId, "active"),
  },
  "approvals.ask": { takes: "lease" },
  "approvals.openOf": { takes: "lease" },
  "approvals.toRun": { takes: "lease" },
  "approvals.isGranted": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.approvals.isGranted(scope, place.conversation.id, GRANTED),
  },
  "approvals.decide": {
    takes: "scope",
    call: async ({ store, scope, canary: { place, approvalId, heard } }) => {
      const decision = { id: approvalId, choice: "once", tellsDenial: true } as const;
      const decided = await store.approvals.decide(scope, place.conversation.id, {
        ...decision,
        trigger: () => heard.id,
      });
      // Somebody else in the same place sees the card, and may not press it.
      return decided.kind === "unknown" || decided.kind === "not-yours" ? null : decided;
    },
  },
  "approvals.revokeGrants": {
    takes: "scope",
    call: async ({ store, scope }) => (await store.approvals.revokeGrants(scope)) || null,
  },
  "toolRules.of": {
    takes: "neither",
    because:
      "rules hold no words of people; they are looked up for the place where the principal speaks",
  },
  "toolRules.set": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.toolRules.set(scope, place.conversation, {
        holder: "channel",
        tool: "*",
        verdict: "allow",
        clicker: "asker",
      }),
  },
  "toolRules.remove": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.toolRules.remove(scope, place.conversation, { holder: "channel", tool: "*" }),
  },
  "audit.ofTurn": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.audit.ofTurn(scope, running.lease.turnId),
  },
  "audit.recent": { takes: "scope", call: ({ store, scope }) => store.audit.recent(scope, 50) },
  "audit.taintsOf": {
    takes: "scope",
    call: ({ store, scope, canary: { place, running } }) =>
      store.audit.taintsOf(scope, place.conversation.id, {
        turnIds: [running.lease.turnId],
        upTo: null,
      }),
  },
  "audit.addressesOf": {
    takes: "scope",
    call: ({ store, scope, canary: { place, running } }) =>
      store.audit.addressesOf(scope, place.conversation.id, [running.lease.turnId]),
  },
  "audit.tidy": { takes: "neither", because: "it removes what is old" },
  "notes.get": { takes: "neither", because: "notes are the program's own" },
  "notes.set": { takes: "neither", because: "notes are the program's own" },
  "secrets.put": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.get": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.remove": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.names": { takes: "neither", because: "it takes the owner, and is bound to him" },
  "secrets.rewrap": {
    takes: "neither",
    because: "it moves seals to another key and shows nothing",
  },
  "spokenWords.keep": {
    takes: "scope",
    call: async ({ store, scope, canary: { heard } }) =>
      (await store.spokenWords.keep(scope, heard.id, SPOKEN.id, "forged")) || null,
  },
  "files.own": { takes: "neither", because: "it gives what the scope's principal keeps" },
  "files.add": { takes: "neither", because: "what is added belongs to the scope's principal" },
  "files.arrived": {
    takes: "neither",
    because: "it tells of what the scope's principal has saved",
  },
  "files.leftOver": { takes: "neither", because: "the house tidies; it gives ids, no words" },
  "files.drop": { takes: "neither", because: "it takes away only what nobody may read any more" },
  "files.find": {
    takes: "scope",
    call: ({ store, scope }) => store.files.find(scope, null, 10),
  },
  "files.remove": {
    takes: "neither",
    because:
      "it takes away only what the scope's principal keeps; file-store.test.ts tries another",
  },
  "googleLinks.offer": {
    takes: "neither",
    because: "what is offered belongs to the scope's principal",
  },
  "googleLinks.look": { takes: "neither", because: "only who holds the link's secret can ask" },
  "googleLinks.begin": { takes: "neither", because: "only who holds the link's secret can ask" },
  "googleLinks.finish": {
    takes: "neither",
    because:
      "only the browser that holds the state and the verifier can ask; pages.test.ts tries others",
  },
  "googleLinks.forgetAll": { takes: "neither", because: "it takes the person" },
  "locks.take": { takes: "neither", because: "it keeps a person's id and a time, no words" },
  "locks.release": {
    takes: "neither",
    because: "it keeps a person's id and a time, no words",
  },
  "locks.tidy": { takes: "neither", because: "it removes what is old" },
  "googleLinks.tidy": { takes: "neither", because: "it removes what is old" },
  "components.keep": { takes: "neither", because: "what is kept belongs to the scope's principal" },
  "components.press": {
    takes: "neither",
    because: "only the owner's own press gives anything; components.test.ts tries another's",
  },
  "components.release": { takes: "neither", because: "it takes an id that only a press has told" },
  "components.tidy": { takes: "neither", because: "it removes what is old" },
  "settings.logChannelOf": {
    takes: "neither",
    because: "it gives the id of a channel to whoever already knows the server, and no words",
  },
  "retention.tidy": {
    takes: "neither",
    because: "it only takes words away, by their age; nothing is shown",
  },
  "settings.forgetAll": { takes: "neither", because: "it takes the person" },
  "settings.of": {
    takes: "scope",
    withinGuild: true,
    call: async ({ store, scope, canary: { place } }) => {
      const { person, channel, guild } = await store.settings.of(scope, place.conversation);
      return [person, channel, guild].flatMap((each) =>
        Object.values(each).filter((value) => value !== null),
      );
    },
  },
  "settings.ofConversation": {
    takes: "scope",
    call: async ({ store, scope, canary: { place } }) => {
      const all = await store.settings.ofConversation(scope, place.conversation.id);
      return Object.values(all).flatMap((each) =>
        Object.values(each).filter((value) => value !== null),
      );
    },
  },
  "settings.change": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope, canary: { place } }) =>
      store.settings.change(scope, place.conversation, "channel", { language: "German" }),
  },
  "settings.setRoleUsd": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope, canary: { place } }) =>
      store.settings.setRoleUsd(scope, place.conversation, "9", 1).then(() => []),
  },
  "usage.lines": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.usage.lines(scope, place.conversation, {
        holder: "channel",
        by: "person",
        since: EVER,
        limit: 10,
      }),
  },
  "usage.days": {
    takes: "scope",
    call: async ({ store, scope, canary: { place } }) => {
      const days = await store.usage.days(scope, place.conversation, {
        holder: "channel",
        starts: [EVER],
      });
      return days.some((usd) => usd > 0) ? days : null;
    },
  },
  "reminders.add": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.reminders.add(scope, {
        ...TIMED,
        place: place.conversation,
        to: "here",
        text: "forged",
      }),
  },
  "reminders.list": { takes: "scope", call: ({ store, scope }) => store.reminders.list(scope) },
  "reminders.one": {
    takes: "scope",
    call: ({ store, scope, canary }) => store.reminders.one(scope, canary.reminderId),
  },
  "reminders.cancel": {
    takes: "scope",
    call: ({ store, scope, canary }) => store.reminders.cancel(scope, canary.reminderId),
  },
  "reminders.done": {
    takes: "scope",
    call: async ({ store, scope, canary }) =>
      unlessUnknown(await store.reminders.done(scope, canary.reminderId, TIMED.dueAt)),
  },
  "reminders.again": {
    takes: "scope",
    call: async ({ store, scope, canary }) =>
      unlessUnknown(await store.reminders.again(scope, canary.reminderId, TIMED.dueAt, TIMED)),
  },
  "reminders.placeOf": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.reminders.placeOf(scope, place.conversation.id),
  },
  "settings.zone": {
    takes: "neither",
    because: "of the scope's own person, wherever he asks; it is no place's",
  },
  "settings.setZone": {
    takes: "neither",
    because: "of the scope's own person, wherever he asks; it is no place's",
  },
  "reminderQueue.take": { takes: "neither", because: "the program's own clock; to who set it" },
  "reminderQueue.settle": { takes: "neither", because: "by whoever took it, with a lease" },
  "reminderQueue.giveUp": { takes: "neither", because: "by whoever took it, with a lease" },
  "reminderQueue.release": { takes: "neither", because: "by whoever took it, with a lease" },
  "reminderQueue.nextDue": { takes: "neither", because: "it gives a time" },
  "schedules.add": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.schedules.add(scope, {
        ...TIMED,
        place: place.conversation,
        prompt: "forged",
        maxRunUsd: 1,
        maxMonthUsd: 1,
      }),
  },
  "schedules.list": { takes: "scope", call: ({ store, scope }) => store.schedules.list(scope) },
  "schedules.cancel": {
    takes: "scope",
    call: ({ store, scope, canary }) => store.schedules.cancel(scope, canary.scheduleId),
  },
  "scheduleQueue.take": { takes: "neither", because: "the program's own clock; to who set it" },
  "scheduleQueue.begin": { takes: "neither", because: "by whoever took it, with a lease; ids" },
  "scheduleQueue.settle": { takes: "neither", because: "by whoever took it, with a lease" },
  "scheduleQueue.halt": { takes: "neither", because: "by whoever took it, and to its owner only" },
  "scheduleQueue.release": { takes: "neither", because: "by whoever took it, with a lease" },
  "scheduleQueue.nextDue": { takes: "neither", because: "it gives a time" },
  "scheduleQueue.allowance": { takes: "neither", because: "it gives figures of one turn" },
  "history.search": {
    takes: "scope",
    // Which channels of the guild a person may see is known to the platform; the store keeps other guilds and DMs out.
    withinGuild: true,
    call: ({ store, scope, canary: { place, words } }) =>
      store.history.search(scope, [place.conversation.id], { words, from: null, limit: 10 }),
  },
  "summaries.add": { takes: "neither", because: "within the transaction that ends a turn; an id" },
  "summaries.serve": {
    takes: "neither",
    because: "it hands out jobs with the scope of the turn that they belong to",
  },
  "mailAccounts.add": {
    takes: "neither",
    because: "what is added belongs to the scope's principal; mail-accounts.test.ts tries others",
  },
  "mailAccounts.list": {
    takes: "scope",
    call: ({ store, scope }) => store.mailAccounts.list(scope),
  },
  "mailAccounts.one": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailAccounts.one(scope, mail.accountId),
  },
  "mailAccounts.change": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) =>
      store.mailAccounts.change(scope, mail.accountId, { state: "paused" }),
  },
  "mailAccounts.remove": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailAccounts.remove(scope, mail.accountId),
  },
  "mailAccounts.events": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) =>
      store.mailAccounts.events(scope, mail.accountId, 10),
  },
  "mailRules.save": {
    takes: "neither",
    because: "what is saved belongs to the scope's principal; mail-rules.test.ts tries others",
  },
  "mailRules.list": { takes: "scope", call: ({ store, scope }) => store.mailRules.list(scope) },
  "mailRules.remove": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailRules.remove(scope, mail.ruleId),
  },
  "mailRules.removePreset": {
    takes: "scope",
    call: async ({ store, scope }) =>
      (await store.mailRules.removePreset(scope, "security")) || null,
  },
  "mailDrafts.add": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) =>
      store.mailDrafts.add(scope, {
        accountId: mail.accountId,
        to: ["eve@example.com"],
        cc: [],
        subject: "forged",
        text: "forged",
        inReplyTo: null,
        references: [],
      }),
    leaves: ["people"],
  },
  "mailDrafts.one": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailDrafts.one(scope, mail.draftId),
  },
  "mailDrafts.list": { takes: "scope", call: ({ store, scope }) => store.mailDrafts.list(scope) },
  "mailDrafts.edit": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) =>
      store.mailDrafts.edit(scope, mail.draftId, { to: [], subject: "forged", text: "forged" }),
  },
  "mailDrafts.discard": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailDrafts.discard(scope, mail.draftId),
  },
  "mailDrafts.begin": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailDrafts.begin(scope, mail.draftId),
  },
  "mailDrafts.end": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mailDrafts.end(scope, mail.draftId, "sent"),
  },
  "mails.behind": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mails.behind(scope, mail.alertId),
  },
  "mails.one": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) => store.mails.one(scope, mail.mailId),
  },
  "mails.recentAlerts": {
    takes: "scope",
    call: ({ store, scope }) => store.mails.recentAlerts(scope, 10),
  },
  "mails.snooze": {
    takes: "scope",
    call: ({ store, scope, canary: { mail } }) =>
      store.mails.snooze(scope, mail.alertId, alertNow.dueAt, TIMED.dueAt),
  },
  "mailQueue.claim": {
    takes: "neither",
    because: "whoever watches gets accounts to watch, by a lease; it shows them to nobody",
  },
  "mailQueue.release": { takes: "neither", because: "it ends the caller's own leases" },
  "mailQueue.rules": { takes: "neither", because: "the owner's rules for the owner's own account" },
  "mailQueue.cursor": { takes: "neither", because: "it gives numbers, no words" },
  "mailQueue.begin": { takes: "neither", because: "by whoever watches, for the account's owner" },
  "mailQueue.rebase": { takes: "neither", because: "by whoever watches, for the account's owner" },
  "mailQueue.known": { takes: "neither", because: "it knows hashes again, and gives no words" },
  "mailQueue.record": { takes: "neither", because: "by whoever watches, for the account's owner" },
  "mailQueue.checked": { takes: "neither", because: "it keeps a time, no words" },
  "mailQueue.failed": { takes: "neither", because: "it keeps what kind of trouble there was" },
  "mailQueue.note": { takes: "neither", because: "it keeps numbers for the account's owner" },
  "mailAlerts.take": { takes: "neither", because: "by whoever tells it to the account's owner" },
  "mailAlerts.settle": { takes: "neither", because: "by whoever took it, with a lease" },
  "mailAlerts.giveUp": { takes: "neither", because: "by whoever took it, with a lease" },
  "mailAlerts.release": { takes: "neither", because: "by whoever took it, with a lease" },
  "mailAlerts.nextDue": { takes: "neither", because: "it gives a time" },
  "memories.forgetAll": {
    takes: "scope",
    call: async ({ store, scope }) => (await store.memories.forgetAll(scope)) || null,
  },
  "memories.restoreAll": {
    takes: "scope",
    call: async ({ store, scope }) => (await store.memories.restoreAll(scope)) || null,
  },
  "memories.forget": {
    takes: "scope",
    call: ({ store, scope, canary: { factId } }) => store.memories.forget(scope, factId),
  },
  "memories.restore": {
    takes: "scope",
    call: ({ store, scope, canary: { factId } }) => store.memories.restore(scope, factId),
  },
  "memories.learn": {
    takes: "scope",
    // What takes the place of another's fact does not touch it.
    call: async ({ store, scope, canary: { factId, running } }) => {
      const learned = await store.memories.learn(
        scope,
        [{ ...FACT, text: "forged", sameAs: factId, replaces: [factId] }],
        running.lease.turnId,
      );
      return learned.filter(({ kind }) => kind !== "added");
    },
    leaves: ["people", "memories"],
  },
  "memories.preview": {
    takes: "scope",
    call: async ({ store, scope, canary: { factId } }) => {
      const fact = { ...FACT, text: "forged", sameAs: factId, replaces: [factId] };
      const learned = await store.memories.preview(scope, [fact]);
      return learned.filter(({ kind }) => kind !== "added");
    },
  },
  "memories.change": {
    takes: "scope",
    call: ({ store, scope, canary: { factId } }) =>
      store.memories.change(scope, factId, { text: "forged", reach: "everywhere" }),
  },
  "memories.find": {
    takes: "scope",
    call: ({ store, scope, canary: { factId } }) => store.memories.find(scope, factId),
  },
  "memories.list": {
    takes: "scope",
    call: async ({ store, scope, canary: { words } }) => {
      const page = await store.memories.list(scope, { words, withPast: true, offset: 0, limit: 9 });
      return page.total === 0 ? page.facts : page;
    },
  },
  "memories.ofPerson": {
    takes: "scope",
    call: async ({ store, scope, canary: { name } }) =>
      (await store.memories.ofPerson(scope, userId(`discord:${name}`), 9)).facts,
  },
  "memories.settings": {
    takes: "neither",
    because: "it gives the caller's own wishes; memories.test.ts shows it",
  },
  "memories.setMode": {
    takes: "neither",
    because: "it keeps the caller's own wish; memories.test.ts shows it",
  },
  "memories.addNever": {
    takes: "neither",
    because: "it keeps the caller's own wish; memories.test.ts shows it",
  },
  "memories.removeNever": {
    takes: "neither",
    because: "it keeps the caller's own wish; memories.test.ts shows it",
  },
  "sharedFacts.list": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope }) => store.sharedFacts.list(scope),
  },
  "sharedFacts.add": {
    takes: "scope",
    // For the caller's own guild; whether he may is the command's to say.
    call: async ({ store, scope }) => {
      const fact = { text: "forged", kind: "other", sharedWith: "guild" } as const;
      const learned = await store.sharedFacts.add(scope, fact);
      return learned.kind === "refused" ? learned : null;
    },
    withinGuild: true,
    leaves: ["people", "memories"],
  },
  "sharedFacts.remove": {
    takes: "scope",
    withinGuild: true,
    call: ({ store, scope, canary: { sharedId } }) =>
      store.sharedFacts.remove(scope, "guild", sharedId),
  },
  "intentions.add": {
    takes: "neither",
    because: "what is added belongs to the scope's principal",
  },
  "intentions.list": { takes: "scope", call: ({ store, scope }) => store.intentions.list(scope) },
  "intentions.cancel": {
    takes: "scope",
    call: ({ store, scope, canary: { intentionId } }) =>
      store.intentions.cancel(scope, intentionId),
  },
  "intentions.take": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.intentions.take(scope, running.lease.turnId),
  },
  "episodes.ended": {
    takes: "scope",
    call: ({ store, scope, canary: { place } }) =>
      store.episodes.ended(scope, place.conversation.id, 0),
  },
  "episodes.save": {
    takes: "scope",
    call: ({ store, scope, canary: { place, heard } }) =>
      store.episodes.save(scope, place.conversation.id, {
        ...EPISODE,
        summary: "forged",
        lines: [lineOf(heard)],
      }),
  },
  "episodes.shelf": { takes: "scope", call: ({ store, scope }) => store.episodes.shelf(scope) },
  "episodes.find": {
    takes: "scope",
    call: ({ store, scope, canary: { episodeId } }) => store.episodes.find(scope, [episodeId]),
  },
  "episodeJobs.add": { takes: "neither", because: "within the transaction that ends a turn; ids" },
  "episodeJobs.serve": {
    takes: "neither",
    because: "it hands out jobs with the scope of the turn that they belong to",
  },
  "graph.add": {
    takes: "neither",
    because: "what is added belongs to the scope's principal",
  },
  "graph.around": {
    takes: "scope",
    call: ({ store, scope, canary: { words } }) =>
      store.graph.around(scope, [words, "the boat"], { hops: 3, limit: 50, at: new Date() }),
  },
  "graph.list": { takes: "scope", call: ({ store, scope }) => store.graph.list(scope) },
  "graph.remove": {
    takes: "scope",
    call: ({ store, scope, canary: { relationId } }) => store.graph.remove(scope, relationId),
  },
  "recall.state": { takes: "neither", because: "it gives numbers of the scope's own shelves" },
  "recall.factShelf": {
    takes: "scope",
    call: async ({ store, scope, canary: { place, name } }) => {
      const shelves = [ownerShelf(`discord:${name}`), audienceKey(place.conversation.audience)];
      const shown = await Promise.allSettled(
        shelves.map((shelf) => store.recall.factShelf(scope, shelf, null)),
      );
      return shown.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    },
  },
  "recall.messageShelf": {
    takes: "scope",
    call: ({ store, scope }) => store.recall.messageShelf(scope, null),
  },
  "recall.facts": {
    takes: "scope",
    call: ({ store, scope, canary: { factId } }) => store.recall.facts(scope, [factId]),
  },
  "recall.messages": {
    takes: "scope",
    call: ({ store, scope, canary: { heard, answerId } }) =>
      store.recall.messages(scope, [heard.id, answerId]),
  },
  "recall.note": {
    takes: "scope",
    call: ({ store, scope, canary: { running, factId } }) =>
      store.recall.note(scope, running.lease.turnId, {
        state: "done",
        facts: [factId],
        messages: [],
      }),
  },
  "recall.noted": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.recall.noted(scope, running.lease.turnId),
  },
  "farewells.ask": {
    takes: "neither",
    because: "it notes the caller's own wish; farewells.test.ts shows it",
  },
  "farewells.pending": {
    takes: "scope",
    call: ({ store, scope }) => store.farewells.pending(scope),
  },
  "farewells.takeBack": {
    takes: "scope",
    call: ({ store, scope }) => store.farewells.takeBack(scope),
  },
  "farewells.due": { takes: "neither", because: "the program does what people asked for; ids" },
  "farewells.carryOut": {
    takes: "neither",
    because: "the program does what that person asked for, and nothing before it is due",
  },
  "farewells.everything": {
    takes: "scope",
    call: async ({ store, scope, canary: { words } }) => {
      const all = JSON.stringify(await store.farewells.everything(scope));
      return all.includes(words) ? all : null;
    },
  },
  "receipts.due": {
    takes: "neither",
    because: "the program tells below each answer what its own question taught; ids and numbers",
  },
  "receipts.settle": { takes: "neither", because: "it notes that a receipt was shown, by id" },
  "receipts.of": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) => store.receipts.of(scope, running.lease.turnId),
  },
  "receipts.undo": {
    takes: "scope",
    call: ({ store, scope, canary: { running } }) =>
      store.receipts.undo(scope, running.lease.turnId),
  },
  "vectors.forgetAll": { takes: "neither", because: "vectors are made anew, of everybody's facts" },
  "vectors.pending": {
    takes: "neither",
    because: "the program makes vectors of what is stored, and shows them to nobody",
  },
  "vectors.save": { takes: "neither", because: "it adds a vector to a fact, by id" },
  "learning.add": { takes: "neither", because: "within the transaction that ends a turn; an id" },
  "learning.serve": {
    takes: "neither",
    because: "it hands out jobs with the scope of the turn that they belong to",
  },
  "ownSkills.list": {
    takes: "neither",
    because: "it is the principal's own, and goes with him wherever he asks",
  },
  "ownSkills.save": {
    takes: "neither",
    because: "it is the principal's own, and goes with him wherever he asks",
  },
  "ownSkills.remove": {
    takes: "neither",
    because: "it is the principal's own, and goes with him wherever he asks",
  },
  "mcpServers.changed": { takes: "neither", because: "whoever runs the servers needs all of them" },
  "mcpServers.visible": {
    takes: "scope",
    call: ({ store, scope }) => store.mcpServers.visible(scope),
  },
  "mcpServers.byId": {
    takes: "neither",
    because: "whoever has the id was shown it; mayManage() and mayUse() judge",
  },
  "mcpServers.add": { takes: "neither", because: "it takes the owner, and adds to nobody else's" },
  "mcpServers.change": {
    takes: "neither",
    because: "mayManage() judges who may, and it shows nothing",
  },
  "mcpServers.remove": {
    takes: "neither",
    because: "mayManage() judges who may, and it shows nothing",
  },
  "mcpServers.allow": {
    takes: "neither",
    because: "mayManage() judges who may, and it shows nothing",
  },
  "mcpServers.tell": { takes: "neither", because: "whoever runs the servers tells how they are" },
  "mcpSignIns.begin": {
    takes: "neither",
    because: "what is begun belongs to the scope's principal",
  },
  "mcpSignIns.look": { takes: "neither", because: "only who holds the state can ask" },
  "mcpSignIns.keep": { takes: "neither", because: "only who holds the state can ask" },
  "mcpSignIns.finish": { takes: "neither", because: "only who holds the state can ask" },
  "mcpSignIns.of": {
    takes: "neither",
    because: "it gives what the scope's principal began; mcp-sign-ins.test.ts tries another",
  },
  "mcpSignIns.forget": { takes: "neither", because: "it takes the person" },
  "mcpSignIns.tidy": { takes: "neither", because: "it removes what is old" },
  "mcpQuestions.ask": {
    takes: "neither",
    because: "what is asked belongs to the scope's principal",
  },
  "mcpQuestions.look": {
    takes: "scope",
    call: ({ store, scope, canary }) =>
      store.mcpQuestions.look(scope, `question ${canary.heard.id}`, new Date(0)),
  },
  "mcpQuestions.answer": {
    takes: "scope",
    call: ({ store, scope, canary }) =>
      store.mcpQuestions.answer(
        scope,
        `question ${canary.heard.id}`,
        { kind: "declined" },
        new Date(0),
      ),
  },
  "mcpQuestions.heard": {
    takes: "scope",
    call: ({ store, scope, canary }) =>
      store.mcpQuestions.heard(scope, `question ${canary.heard.id}`),
  },
  "mcpQuestions.forget": {
    takes: "scope",
    call: ({ store, scope, canary }) =>
      store.mcpQuestions.forget(scope, `question ${canary.heard.id}`),
  },
  "mcpQuestions.placeOf": {
    takes: "scope",
    call: ({ store, scope, canary }) =>
      store.mcpQuestions.placeOf(scope, canary.place.conversation.id),
  },
  "mcpQuestions.tidy": { takes: "neither", because: "it removes what is old" },
  "accessTokens.add": {
    takes: "neither",
    because: "what is added belongs to the scope's principal",
  },
  "accessTokens.list": {
    takes: "neither",
    because: "it gives the principal's own; access-tokens.test.ts tries another",
  },
  "accessTokens.remove": {
    takes: "neither",
    because: "it takes the principal's own; access-tokens.test.ts tries another",
  },
  "accessTokens.use": { takes: "neither", because: "only who holds the token can ask" },
  "accessTokens.ownPlace": {
    takes: "neither",
    because: "it gives where the principal is alone; access-tokens.test.ts tries another",
  },
  "accessTokens.tidy": { takes: "neither", because: "it removes what is old" },
  "mcpTools.of": {
    takes: "neither",
    because: "it tells of one server, which mayUse() allowed before",
  },
  "mcpTools.see": { takes: "neither", because: "whoever runs the server tells what it offers" },
  "mcpTools.approve": {
    takes: "neither",
    because: "mayManage() judges who may, and it takes who did",
  },
  "rows.read": {
    takes: "neither",
    because: "the operator's copy of everything, which holds everybody's words",
  },
  "logEntries.add": {
    takes: "neither",
    because: "it keeps lines of the log: ids and figures, nobody's words",
  },
  "logEntries.find": {
    takes: "neither",
    because: "the log is the program's own; tools/logs gives it to its operator alone, in private",
  },
  "logEntries.tidy": { takes: "neither", because: "it removes what is old" },
  backlog: { takes: "neither", because: "it gives figures" },
  ping: { takes: "neither", because: "it asks nothing" },
};
