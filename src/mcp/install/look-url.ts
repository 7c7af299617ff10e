import type { McpLaunch } from "../../core/mcp.ts";
import { drafted, refused, type Drafted, type LookDeps } from "./draft.ts";

const MAX_MS = 15_000;
const MAX_BYTES = 256 * 1024;
const HELLO = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "clara", version: "0" },
  },
});

/** A server on the web: asked once whether it is there, and whether it wants a sign-in. */
export async function lookUrl(
  { fetch }: Pick<LookDeps, "fetch">,
  address: string,
  signal: AbortSignal,
): Promise<Drafted> {
  const isSse = /\/sse\/?$/.test(new URL(address).pathname);
  const answer = await fetch({
    url: address,
    ...(isSse
      ? { method: "GET", headers: { accept: "text/event-stream" } }
      : {
          method: "POST",
          headers: {
            accept: "application/json, text/event-stream",
            "content-type": "application/json",
          },
          body: HELLO,
        }),
    onBehalfOf: null,
    maxBytes: MAX_BYTES,
    overflow: "cut",
    maxMs: MAX_MS,
    signal,
  });
  // A stream of events that stays open is an answer, too.
  const isOpenStream = answer.kind === "failure" && answer.problem === "too-slow" && isSse;
  if (answer.kind === "failure" && !isOpenStream)
    return refused(`It could not be reached: ${answer.says}`);
  const status = answer.kind === "answer" ? answer.status : 200;
  if (status === 404 || status === 405 || status === 410)
    return refused(
      `There is no MCP server at that address (${status}). Look for its address in its documentation; most end with \`/mcp\`.`,
    );
  if (answer.kind === "answer" && new URL(answer.url).origin !== new URL(address).origin)
    return refused(
      `It sends on to ${new URL(answer.url).origin}: say that address, if it is the one you mean.`,
    );
  const wantsSignIn = status === 401 || status === 403;
  const launch: McpLaunch = {
    kind: "http",
    url: address,
    transport: isSse ? "sse" : "streamable-http",
    headers: { Authorization: "{Authorization}" },
    secretHeaders: [],
    auth: wantsSignIn ? "owner" : "none",
  };
  return drafted({
    calls: nameIn(new URL(address)),
    displayName: new URL(address).host,
    source: { kind: "url", url: address },
    launch,
    needs: [
      {
        name: "Authorization",
        description: wantsSignIn
          ? "It wants a sign-in. Leave this empty for /mcp oauth_start, or give a key: Bearer ..."
          : "Only if it wants a key, for example: Bearer ...",
        isRequired: false,
        isSecret: true,
        fallback: null,
      },
    ],
    description: "",
    facts: [
      ["Address", address],
      ["It answers", wantsSignIn ? `wants a sign-in (${status})` : `yes (${status})`],
      ["Maker, version, age", "not known: an address does not say"],
    ],
    risks: [
      "It runs elsewhere: its makers see what it is asked, and can change what it does at any time. Tools that change are switched off until somebody has seen the difference.",
      ...(new URL(address).protocol === "http:" ? ["Without https: for this machine alone."] : []),
    ],
    commands: [],
  });
}

/** `https://mcp.linear.app/mcp` calls itself linear; `https://example.com/files/mcp` files. */
function nameIn({ hostname, pathname }: URL): string {
  const path = pathname.split("/").filter((piece) => !/^(?:mcp|sse|api|v\d+|)$/.test(piece));
  const host = hostname.split(".").filter((piece) => !/^(?:mcp|www|api)$/.test(piece));
  return path.at(-1) ?? host.at(-2) ?? hostname;
}
