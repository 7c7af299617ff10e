import { systemClock } from "../src/core/clock.ts";
import { createNet, type Net } from "../src/net/index.ts";
import { hostileNames, resolveFrom } from "./hostile-urls.ts";
import { turnOf } from "./turns.ts";

export interface WebNetParts {
  readonly allow?: readonly string[];
  readonly ports?: readonly number[];
}

/** The real way out, for which `site.test` is this machine and nothing else is anywhere. */
export const webNet = (
  port: number,
  { allow = [`site.test:${port}`], ports = [] }: WebNetParts = {},
): Net =>
  createNet(
    {
      clock: systemClock,
      createSecret: () => crypto.randomUUID(),
      resolve: resolveFrom({ ...hostileNames, "site.test": ["127.0.0.1"] }),
      // So that a hostile address is refused for what it is, not for its port.
      ports: new Set([80, 443, port, ...ports]),
    },
    { fetchAllow: allow },
  );

const { scope, conversation } = turnOf();

/** As a tool gets it. */
export const toolContext = {
  scope,
  conversationId: conversation.id,
  signal: new AbortController().signal,
};
