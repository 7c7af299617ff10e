import type { REST } from "discord.js";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Notes } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import type { OpenDm } from "./open-dm.ts";
import type { Operators } from "./operators.ts";
import { say } from "./say.ts";
import { selfTest } from "./self-test.ts";

const NOTE = "release-note";
/** A message has 2,000 characters; the rest is for what stands around the notes. */
const MAX_NOTES_CHARS = 1_700;

interface Deps {
  readonly rest: REST;
  readonly openDm: OpenDm;
  readonly operators: Pick<Operators, "owner">;
  readonly notes: Notes;
  readonly version: string;
  readonly botName: string;
  /** The whole of CHANGELOG.md; null when it did not come along. */
  readonly changelog: () => Promise<string | null>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tells the application's owner in private what is new and that it works, once after an upgrade. The first start ever is no upgrade. Never
 * rejects: who takes no DMs is not told, and what failed for another reason is tried at the next start.
 */
export async function sendReleaseNote(deps: Deps, signal: AbortSignal): Promise<void> {
  const { notes, version, log } = deps;
  try {
    const known = await notes.get(NOTE);
    if (known === version) return;
    if (known !== null) await tellOwner(deps, known, signal);
    await notes.set(NOTE, version);
  } catch (error) {
    if (!signal.aborted) log.warn({ version, error: asError(error) }, "release-note-not-sent");
  }
}

async function tellOwner(
  { rest, openDm, operators, version, botName, changelog, clock, log }: Deps,
  before: string,
  signal: AbortSignal,
): Promise<void> {
  const recipient = await operators.owner(signal);
  if (recipient === null) return log.info({}, "no-owner-to-tell");
  const id = await openDm(recipient, signal);
  const words = releaseWords({ botName, before, version, changelog: (await changelog()) ?? "" });
  const tried = await selfTest({ rest, clock }, id, signal);
  const once = { nonce: `release:${version}`.slice(0, 25), replyTo: null };
  try {
    await say(rest, id, `${words}\n${tried}`, once, signal);
  } catch (error) {
    // 403: no private messages from this bot. That will not be otherwise at the next start.
    if ((error as { status?: unknown }).status !== 403) throw error;
    log.info({}, "owner-takes-no-messages");
  }
}

/** The note as the owner reads it. */
export function releaseWords(given: {
  readonly botName: string;
  readonly before: string;
  readonly version: string;
  readonly changelog: string;
}): string {
  const { botName, before, version, changelog } = given;
  const news = sectionOf(changelog, version);
  const cut =
    news.length > MAX_NOTES_CHARS ? `${news.slice(0, MAX_NOTES_CHARS).toWellFormed()}…` : news;
  return [
    `**${botName} is ${version} now** (before: ${before}).`,
    cut === "" ? "-# There are no notes for this version." : cut,
  ].join("\n");
}

/** What stands below the heading of a version, up to the next one; "" when there is none. */
export function sectionOf(changelog: string, version: string): string {
  const pieces = changelog.split(/^## /m).slice(1);
  const own = pieces.find(
    (piece) => piece.split(/[\s,]/, 1)[0]?.replace(/[[\]v]/g, "") === version,
  );
  return own ? own.slice(own.indexOf("\n") + 1).trim() : "";
}
