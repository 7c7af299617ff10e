import { once } from "node:events";

import { WebSocket } from "ws";

import type { FakeDiscord } from "../index.ts";

export interface RawSocket extends AsyncDisposable {
  readonly socket: WebSocket;
  /** The code with which it ends. */
  readonly closed: Promise<number>;
  send(op: number, d: unknown): void;
}

/** A client without manners, for what discord.js would never do. Resolves after HELLO. */
export async function rawSocket(discord: FakeDiscord): Promise<RawSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${discord.port}/?v=10&encoding=json`);
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "message");
  return {
    socket,
    closed,
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}
