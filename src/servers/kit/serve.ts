import type { Readable, Writable } from "node:stream";
import type { McpRequestContext } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { asError } from "../../lib/as-error.ts";
import type { ServerDefinition } from "./definition.ts";
import { createHttpApp } from "./http/app.ts";
import { accessOf } from "./http/authenticate.ts";
import type { HttpSettings } from "./http/http-settings.ts";
import { serveHttp } from "./http/serve-http.ts";
import type { ServerMachine } from "./machine.ts";
import type { Kit } from "./open-kit.ts";
import { toFactory } from "./register.ts";
import type { CallDeps } from "./run-call.ts";
import { DEFAULT_TENANT, type Access } from "./tenant.ts";

/** A server that is put together and can be served. */
export interface OpenServer extends AsyncDisposable {
  readonly definition: ServerDefinition;
  readonly kit: Kit;
  /** Read only when it is served by HTTP. */
  readonly loadHttp: () => HttpSettings;
}

/** Whoever started the program may say whom it is for; what there are no credentials for has none. */
const OF_ITS_HOST: Access = { kind: "any", otherwise: DEFAULT_TENANT };

/** Speaks with the program that started us, until it hangs up or the signal fires. */
export async function serveByStdio(
  machine: ServerMachine,
  server: OpenServer,
  streams: { readonly input: Readable; readonly output: Writable },
  signal: AbortSignal,
): Promise<void> {
  const factory = toFactory(
    server.definition,
    callDeps(machine, server, () => OF_ITS_HOST),
  );
  const transport = new StdioServerTransport(streams.input, streams.output);
  const hungUp = new Promise<void>((resolve) => {
    streams.input.once("end", resolve);
    streams.input.once("close", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const handle = serveStdio(factory, { transport, onerror: reporter(server) });
  server.kit.log.info({ server: server.definition.name }, "serving-stdio");
  if (!signal.aborted) await hungUp;
  await handle.close();
}

/** Serves by Streamable HTTP until the signal fires. */
export function serveByHttp(
  machine: ServerMachine,
  server: OpenServer,
  { port, onOpen }: { readonly port: number; readonly onOpen?: (address: string) => void },
  signal: AbortSignal,
): Promise<void> {
  const { definition, kit } = server;
  const settings = server.loadHttp();
  kit.redact.learn(settings.apiKeys.map(({ key }) => key));
  const factory = toFactory(definition, callDeps(machine, server, ofCaller));
  const deps = {
    definition,
    factory,
    metrics: kit.metrics,
    clock: machine.clock,
    createId: machine.createId,
    stopwatch: machine.stopwatch,
    health: async (stop: AbortSignal) => [
      ...(await kit.health()),
      ...(await definition.health(stop)),
    ],
    onError: reporter(server),
  };
  return serveHttp(
    {
      host: settings.host,
      port,
      createApp: (open) => createHttpApp(deps, settings, open),
      onOpen(address) {
        kit.log.info({ server: definition.name, address }, "serving-http");
        onOpen?.(address);
      },
    },
    signal,
  );
}

function ofCaller({ authInfo }: McpRequestContext): Access {
  const access = accessOf(authInfo);
  if (access === null) throw new Error("A request came in without being asked who it is");
  return access;
}

const callDeps = (
  { stopwatch }: ServerMachine,
  { kit }: OpenServer,
  accessOfContext: CallDeps["accessOf"],
): CallDeps => ({ ...kit, stopwatch, accessOf: accessOfContext });

const reporter =
  ({ kit }: OpenServer) =>
  (error: Error): void =>
    kit.log.warn({ err: asError(error) }, "protocol-error");
