import type { ModelErrorKind } from "../core/model.ts";
import type { BudgetLimit } from "../core/stores.ts";

/** What people read when something did not go as it should. Never a provider's own words. */
export const WORDS = {
  stopped: "-# ⏹️ Stopped.",
  cutShort: "-# ✂️ The answer reached the model's length limit; ask me to go on.",
  nothing: "I have no answer to that. Could you put it another way?",
  refused: "I can't help with that one.",
  outOfSteps: "-# ⏳ I stopped here: this took more steps than one answer may have.",
  broken: "-# ⚠️ Something went wrong on my side and I could not finish. Please ask again.",
} as const;

/** One sentence for people per kind of failure, with what they can do. */
export function modelTrouble(kind: ModelErrorKind): string {
  switch (kind) {
    case "overloaded":
    case "network":
    case "broken-stream":
      return "-# ⚠️ The language model is not reachable right now. Please try again in a minute.";
    case "rate-limited":
      return "-# ⚠️ The language model asks me to slow down. Please try again in a minute.";
    case "timeout":
      return "-# ⚠️ The language model took too long. Please try again, perhaps with a shorter question.";
    case "auth":
    case "no-credit":
    case "not-found":
      return "-# ⚠️ My language model is not set up right. Whoever runs me can see why with `clara doctor`.";
    case "context-too-long":
      return "-# ⚠️ That was more text than my language model can read at once. Please send a shorter part.";
    case "bad-request":
    case "unknown":
      return "-# ⚠️ The language model could not work with this. Please put it another way.";
  }
}

const HOLDERS = {
  person: "You have reached your limit",
  member: "You have reached the limit of your role in this server",
  channel: "This channel has reached its limit",
  guild: "This server has reached its limit",
  everyone: "I have reached my limit",
  schedule: "This scheduled prompt has reached its limit",
} as const;

/** Cents, and parts of them where the limit is that small. */
const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 4,
});

/** One polite line, with when the budget starts anew. */
export function overBudget(limit: BudgetLimit, resetsInMs: number): string {
  const amount = limit.unit === "usd" ? dollars.format(limit.limit) : `${limit.limit} answers`;
  if (limit.holder === "schedule") return `-# 💛 ${HOLDERS.schedule} of ${amount}.`;
  const minutes = Math.ceil(resetsInMs / 60_000);
  const hours = Math.floor(minutes / 60);
  const wait = hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
  return `-# 💛 ${HOLDERS[limit.holder]} of ${amount} for today. It starts anew in ${wait}.`;
}

/** Words of the notice while a question waits behind others. */
export const queued = (ahead: number): string =>
  `-# ⏳ Got it. Your request is queued (position ${ahead}).`;

export const starting = (waitedMs: number): string =>
  `-# ▶️ Starting your queued request (waited ${Math.round(waitedMs / 1000)} s)…`;

export const catchingUp = (count: number, waitedMs: number): string =>
  `-# 📨 Catching up on ${count} messages (waited ${Math.round(waitedMs / 1000)} s)…`;

/** Below the answer while a tool is at work. */
export const usingTool = (label: string): string => `-# 🔧 ${label}…`;

/** What the model is told about a step that a crash interrupted. */
export const MAY_HAVE_HAPPENED =
  "Interrupted: it is not known whether this happened. It was not repeated. Tell the person so and let them check.";
