import { systemClock } from "../src/core/clock.ts";
import { createNet, type Net } from "../src/net/index.ts";
import { hostileNames, resolveFrom } from "./hostile-urls.ts";
import { turnOf } from "./turns.ts";

/** The real way out, for which `site.test` is this machine and nothing else is anywhere. */
export const webNet = (
  port: number,
  { allow = [`site.test:${port}`] }: { readonly allow?: readonly string[] } = {},
): Net =>
  createNet(
    {
      clock: systemClock,
      createSecret: () => crypto.randomUUID(),
      resolve: resolveFrom({ ...hostileNames, "site.test": ["127.0.0.1"] }),
      ports: new Set([80, 443, port]),
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
