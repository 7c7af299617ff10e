import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { testEngine } from "./open-sandbox.ts";

export interface EngineProxy {
  /** For example unix:///tmp/x/s. */
  readonly host: string;
  /** As if the engine had died: what is open breaks, and nobody answers. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
}

/** The engine of the tests behind a socket that can be cut. */
export async function openEngineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), "clara-engine-"));
  const path = join(folder, "s");
  const engine = new URL(testEngine().host).pathname;
  const open = new Set<Socket>();
  let server: Server | null = null;

  function pair(one: Socket): void {
    const other = connect(engine);
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      open.add(from);
      from.on("error", () => from.destroy());
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }

  async function mend(): Promise<void> {
    server = createServer({ allowHalfOpen: true }, pair);
    await new Promise<void>((resolve) => server?.listen(path, resolve));
  }

  async function cut(): Promise<void> {
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  }

  await mend();
  onTestFinished(async () => {
    await cut();
    await rm(folder, { recursive: true, force: true });
  });
  return { host: `unix://${path}`, cut, mend };
}
