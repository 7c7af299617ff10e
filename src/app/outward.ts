import { randomUUID } from "node:crypto";
import { createOutgoing, type Outgoing } from "../agent/outgoing.ts";
import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { madeFrom } from "../lib/known-secrets.ts";
import { createSecretFilter } from "../lib/secret-filter.ts";
import type { FindHost, SafeFetch } from "../core/net.ts";
import { createNet, type Net } from "../net/index.ts";
import { createWebTools, type WebTools } from "../tools/web/web-tools.ts";

/** The one way out of the house, and the one way to people. */
export interface Outward {
  readonly fetch: SafeFetch;
  /** Where a host of the public web is, for code that may reach it. */
  readonly findWebHost: FindHost;
  readonly streamFrom: Net["streamFrom"];
  /** The same for a host of the operator's own. */
  readonly fetchFrom: (hosts: readonly string[]) => SafeFetch;
  readonly findMailHost: FindHost;
  readonly webTools: WebTools;
  readonly outgoing: Outgoing;
  /** For what goes to people without being an answer. */
  readonly cleanText: (text: string) => string;
  /** In the prompt, and in no answer: where it gets out, the prompt did. */
  readonly marker: string;
}

export function openOutward(
  { webTools: settings }: Config,
  secrets: () => readonly string[],
): Outward {
  const net = createNet({ clock: systemClock, createSecret: randomUUID }, settings);
  const marker = randomUUID();
  const filter = createSecretFilter(madeFrom(secrets, (all) => [...all, marker]));
  return {
    marker,
    fetch: net.fetch,
    findWebHost: net.findWebHost,
    streamFrom: net.streamFrom,
    fetchFrom: net.fetchFrom,
    findMailHost: net.findMailHost,
    cleanText: filter.whole,
    webTools: createWebTools(net, settings),
    outgoing: createOutgoing({ secrets: filter, hosts: settings.linkHosts }),
  };
}
