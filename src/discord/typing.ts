import type { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import type { Clock } from "../core/clock.ts";
import type { Snowflake } from "./snowflake.ts";

/** Discord shows it for ten seconds. */
const REFRESH_MS = 8_000;
/** Shown again sooner, it would tell nothing new. */
const FRESH_MS = 5_000;
/** Of the requests that Discord takes in a second: with fewer left, they are kept for words. */
const KEPT_FOR_WORDS = 25;
/** Channels whose last showing is remembered. */
const MAX_REMEMBERED = 1_000;

/** "Clara is typing ...". Failures are of no consequence and are not reported. */
export interface Typing {
  /** Once, now; nothing when it was shown in this channel within FRESH_MS, or while requests are short. */
  readonly show: (channelId: Snowflake) => void;
  /** Now and every REFRESH_MS, until the signal fires or the answer itself is seen to grow. */
  readonly keep: (channelId: Snowflake, signal: AbortSignal) => void;
  /** The answer is seen to grow in this channel. */
  readonly end: (channelId: Snowflake) => void;
}

export function createTyping({
  rest,
  clock,
}: {
  readonly rest: REST;
  readonly clock: Clock;
}): Typing {
  const shownAt = new Map<Snowflake, number>();
  const kept = new Map<Snowflake, AbortController>();

  // At 50 questions a second, typing made answers wait for requests, and waiting ones ask for more of them.
  const isShort = () =>
    rest.globalRemaining <= KEPT_FOR_WORDS && rest.globalReset > clock.now().getTime();

  function request(channelId: Snowflake, signal?: AbortSignal): void {
    if (isShort()) return;
    shownAt.delete(channelId);
    shownAt.set(channelId, clock.elapsedMs());
    if (shownAt.size > MAX_REMEMBERED) shownAt.delete(shownAt.keys().next().value ?? "");
    // With the signal, since shown late it would stay for ten seconds behind the answer.
    rest.post(Routes.channelTyping(channelId), { signal }).catch(() => {});
  }

  function show(channelId: Snowflake, signal?: AbortSignal): void {
    const at = shownAt.get(channelId);
    if (at === undefined || clock.elapsedMs() - at >= FRESH_MS) request(channelId, signal);
  }

  return {
    show: (channelId) => show(channelId),
    keep(channelId, signal) {
      if (signal.aborted) return;
      kept.get(channelId)?.abort();
      const ended = new AbortController();
      const end = () => ended.abort();
      kept.set(channelId, ended);
      signal.addEventListener("abort", end, { once: true });
      show(channelId, ended.signal);
      const timer = setInterval(() => request(channelId, ended.signal), REFRESH_MS);
      ended.signal.addEventListener(
        "abort",
        () => {
          clearInterval(timer);
          signal.removeEventListener("abort", end);
          kept.delete(channelId);
        },
        { once: true },
      );
    },
    end: (channelId) => kept.get(channelId)?.abort(),
  };
}
