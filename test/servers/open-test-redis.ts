import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createConnection, createServer, type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const PROGRAM = "/usr/bin/redis-server";
const isRequired = process.env["CLARA_TEST_SERVICES"] === "required";

/** False where there is no Redis: its tests are skipped then, unless services are required. */
export const hasRedis = existsSync(PROGRAM);
if (!hasRedis && isRequired)
  throw new Error(`CLARA_TEST_SERVICES=required, but there is no ${PROGRAM}`);

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** Of this test alone. */
  readonly prefix: string;
  /** Hangs up on everybody and refuses new ones, and comes back with all it had. */
  readonly goAway: () => Promise<void>;
  readonly comeBack: () => void;
}

/** A Redis of this test's own, behind a door that can be closed. */
export async function openTestRedis(): Promise<TestRedis> {
  const redisPort = await freePort();
  const child = spawn(PROGRAM, ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", ""], {
    stdio: "ignore",
  });
  await untilOpen(redisPort);
  const sockets = new Set<{ destroy: () => void }>();
  let isOpen = true;
  const door = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    const inner = createConnection(redisPort, "127.0.0.1");
    socket.pipe(inner).pipe(socket);
    for (const each of [socket, inner]) {
      sockets.add(each);
      each.on("error", () => {});
      each.on("close", () => {
        sockets.delete(each);
        socket.destroy();
        inner.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const { port } = door.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    prefix: `test:${randomUUID()}:`,
    async goAway() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
      await wait(20);
    },
    comeBack() {
      isOpen = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      door.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isThere) return;
    await wait(25);
  }
  throw new Error("Redis did not start");
}
