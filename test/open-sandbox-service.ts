import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock } from "../src/core/clock.ts";
import { silentLog } from "../src/core/log.ts";
import type { Workspaces } from "../src/core/sandbox.ts";
import { createLocalSandboxes, createSandboxService } from "../src/sandbox/index.ts";
import { createRemoteWorkspaces } from "../src/sandbox/remote/remote-workspaces.ts";
import { SMALL, testEngine } from "./open-sandbox.ts";

export const SERVICE_KEY = "a-key-for-the-tests-of-sandboxes";

/** Workspaces on this machine, in a folder that is gone when the test is over. */
export async function openLocal(
  change: { readonly host?: string; readonly maxSandboxes?: number } = {},
) {
  const dir = await mkdtemp(join(tmpdir(), "clara-service-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const docker = { ...testEngine(), house: randomUUID(), maxSandboxes: 8, ...change };
  const local = createLocalSandboxes(
    { clock: systemClock, createId: randomUUID, log: silentLog, findHost: null },
    { docker, limits: SMALL, warm: 0, idleMs: 900_000, dir },
  );
  onTestFinished(local.close);
  return local;
}

export interface OpenService {
  readonly url: string;
  readonly remote: Workspaces;
  /** As anybody would ask it. */
  readonly ask: (method: string, path: string, body?: unknown, key?: string) => Promise<Response>;
  /** Resolves when it listens no more. */
  readonly stop: () => Promise<void>;
}

/** The service as it listens, over real sandboxes or those that are given. */
export async function openService(
  workspaces?: Workspaces,
  change: { readonly maxRequests?: number } = {},
): Promise<OpenService> {
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const service = createSandboxService(
    {
      workspaces: workspaces ?? (await openLocal()),
      log: silentLog,
      onListening: listening.resolve,
    },
    {
      host: "127.0.0.1",
      port: 0,
      keys: ["another-key-of-the-same-service", SERVICE_KEY],
      maxFileBytes: SMALL.fileBytes,
      maxRequests: 16,
      packages: { indexUrl: "https://pypi.org/simple", hosts: ["pypi.org"] },
      defaultRunMs: 10_000,
      maxRunMs: 20_000,
      ...change,
    },
  );
  const running = service.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  onTestFinished(end);
  const url = `http://127.0.0.1:${await listening.promise}`;
  return {
    url,
    stop: end,
    remote: createRemoteWorkspaces(
      { fetch: globalThis.fetch },
      { url, key: SERVICE_KEY, timeoutMs: 20_000 },
    ),
    ask: (method, path, body, key = SERVICE_KEY) =>
      fetch(`${url}${path}`, {
        method,
        headers: { "x-api-key": key, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}
