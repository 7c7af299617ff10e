import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Service } from "../../core/service.ts";
import { untilAborted } from "../../lib/until-aborted.ts";
import { createServiceApp, type ServiceDeps, type ServiceSettings } from "./service-app.ts";

const MAX_CONNECTIONS = 256;
/** What runs may end for this long after the signal; then its connection is cut, which ends it, too. */
const CLOSE_WITHIN_MS = 1_000;

export interface ListenSettings extends ServiceSettings {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** Sandboxes by HTTP, for Clara on another machine. `onListening` is told the port. */
export function createSandboxService(
  deps: ServiceDeps & { readonly onListening?: (port: number) => void },
  settings: ListenSettings,
): Service {
  const answer = getRequestListener(createServiceApp(deps, settings).fetch);
  const server = createServer((request, response) => void answer(request, response));
  server.maxConnections = MAX_CONNECTIONS;
  return {
    name: "sandbox-service",
    async run(signal) {
      const broken = new Promise<never>((_, reject) =>
        server.on("error", (error) => reject(explain(error, settings))),
      );
      const listening = new Promise<void>((resolve) =>
        server.listen(settings.port, settings.host, resolve),
      );
      await Promise.race([listening, broken]);
      const { port } = server.address() as AddressInfo;
      deps.log.info({ port }, "sandbox-service-listening");
      deps.onListening?.(port);
      await Promise.race([untilAborted(signal), broken]);
      await close(server);
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.race([closed, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

const explain = (cause: Error, { host, port }: ListenSettings): Error =>
  new Error(
    `The sandbox service cannot listen on ${host}, port ${port}: ${cause.message}. Set SANDBOX_API_HOST or SANDBOX_API_PORT.`,
    { cause },
  );
