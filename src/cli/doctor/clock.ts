import type { Config } from "../../config.ts";
import type { Clock } from "../../core/clock.ts";
import { discordApiBase } from "../../discord/check.ts";
import { defaultBaseUrl } from "../../llm/provider-defaults.ts";
import { off, ok, warning, type Check } from "./check.ts";

/** From here on it shows: in "a minute ago", in budgets, in signatures of other services. */
const MAX_SKEW_MS = 5_000;

/** Compares our clock with the one of whom we talk to anyway: every HTTP answer carries the time, in whole seconds. */
export const checkClock = (
  { clock, fetch }: { readonly clock: Clock; readonly fetch: typeof globalThis.fetch },
  config: Config,
): Check => ({
  name: "clock",
  async run(signal) {
    const url = whomToAsk(config);
    if (url === null) return off("there is nobody to compare with");
    const startedAt = clock.elapsedMs();
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    const roundTripMs = clock.elapsedMs() - startedAt;
    const theirs = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(theirs)) return off("whom we asked does not say the time");
    // Their second had begun somewhere between our question and their answer.
    const skewMs = clock.now().getTime() - roundTripMs / 2 - (theirs + 500);
    const seconds = Math.round(Math.abs(skewMs) / 1_000);
    if (Math.abs(skewMs) <= MAX_SKEW_MS + roundTripMs / 2) return ok("right");
    return warning(
      `is ${seconds} s ${skewMs > 0 ? "fast" : "slow"}`,
      "Switch on time synchronisation on this machine (NTP).",
    );
  },
});

function whomToAsk({ discord, models: { providers } }: Config): string | null {
  if (discord) return `${discord.apiBase ?? discordApiBase}/v10/gateway`;
  for (const provider of providers) {
    if (provider.kind === "anthropic") return provider.baseUrl ?? defaultBaseUrl("anthropic");
    if (provider.kind === "openai-compatible")
      return provider.baseUrl ?? defaultBaseUrl(provider.name);
  }
  return null;
}
