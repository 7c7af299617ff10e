import type { Readable, Writable } from "node:stream";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { TokenHolder } from "../../core/access-tokens.ts";
import type { Log } from "../../core/log.ts";
import type { Door } from "./door.ts";

/** Speaks with the program that started us, as the token's person, until it hangs up or the signal fires. */
export async function serveDoorStdio(
  { door, log }: { readonly door: Door; readonly log: Log },
  holder: TokenHolder,
  { input, output }: { readonly input: Readable; readonly output: Writable },
  signal: AbortSignal,
): Promise<void> {
  const hungUp = new Promise<void>((resolve) => {
    input.once("end", resolve);
    input.once("close", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const handle = serveStdio(() => door.serverFor(holder), {
    transport: new StdioServerTransport(input, output),
    onerror: (error) => log.warn({ error }, "mcp-door-error"),
  });
  if (!signal.aborted) await hungUp;
  await handle.close();
}
