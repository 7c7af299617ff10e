import { connect, type Socket } from "node:net";
import type { FindHost } from "../core/net.ts";
import type { Keeper, KeeperEvent } from "./keeper.ts";

/** In one direction of one run: what code may carry out, and what it may fetch. */
const MAX_OUT_BYTES = 4 * 1_024 * 1_024;
const MAX_IN_BYTES = 512 * 1_024 * 1_024;
const MAX_HEAD_BYTES = 4_096;
/** On its way to a program that does not read. */
const WINDOW_BYTES = 512 * 1_024;
const PIECE_BYTES = 64 * 1_024;
const IDLE_MS = 60_000;

interface Deps {
  readonly keeper: Keeper;
  /** Where a host is: public addresses only. */
  readonly findHost: FindHost;
  readonly runId: number;
  readonly hosts: ReadonlySet<string>;
}

interface Connection {
  /** Before it is connected: what came of the request; null once it is read. */
  head: Buffer | null;
  outside: Socket | null;
  /** Sent to the program, and not taken by it yet. */
  onItsWay: number;
}

/**
 * The way out of one run: an HTTP proxy for tunnels (CONNECT), to the hosts that were agreed to, whose names are looked
 * up here and connected to as they were checked. The sandbox itself has no network: each byte passes through here.
 */
export interface WayOut {
  /** True for what was its own. */
  readonly hear: (event: KeeperEvent) => boolean;
  readonly close: () => void;
}

export function openWayOut(deps: Deps): WayOut {
  const connections = new Map<number, Connection>();
  const room = { out: MAX_OUT_BYTES, in: MAX_IN_BYTES };

  const send = (on: number, body: Uint8Array, last = false) =>
    void deps.keeper.send({ op: "outside", id: deps.runId, on, last }, body);
  const refuse = (on: number, line: string) => {
    send(on, Buffer.from(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`), true);
    drop(on);
  };
  function drop(on: number): void {
    connections.get(on)?.outside?.destroy();
    connections.delete(on);
  }

  async function begin(on: number, connection: Connection, line: string): Promise<void> {
    const [, host = "", port = ""] =
      /^CONNECT ([^\s:]+):(\d{1,5}) HTTP\/1\.[01]$/i.exec(line) ?? [];
    if (!deps.hosts.has(host.toLowerCase())) return refuse(on, "403 Not agreed to");
    const found = await deps.findHost(host, Number(port));
    if (found.kind === "failure") return refuse(on, "403 Forbidden address");
    const [address = ""] = found.addresses;
    if (connections.get(on) !== connection) return;
    const outside = connect({ host: address, port: Number(port) });
    connection.outside = outside;
    outside.setTimeout(IDLE_MS, () => outside.destroy());
    outside.on("connect", () => send(on, Buffer.from("HTTP/1.1 200 Connected\r\n\r\n")));
    outside.on("data", (data: Buffer) => pass(on, connection, outside, data));
    outside.on("error", () => refuse(on, "502 No answer"));
    outside.on("end", () => send(on, new Uint8Array(), true));
  }

  function pass(on: number, connection: Connection, outside: Socket, data: Buffer): void {
    room.in -= data.length;
    if (room.in < 0) return drop(on);
    for (let first = 0; first < data.length; first += PIECE_BYTES)
      send(on, data.subarray(first, first + PIECE_BYTES));
    connection.onItsWay += data.length;
    if (connection.onItsWay > WINDOW_BYTES) outside.pause();
  }

  function take(on: number, connection: Connection, body: Uint8Array): void {
    room.out -= body.length;
    if (room.out < 0) return refuse(on, "413 Too much");
    if (connection.outside !== null) return void connection.outside.write(body);
    // Whoever speaks before he is answered speaks to nobody.
    if (connection.head === null) return;
    const head = Buffer.concat([connection.head, body]);
    const isWhole = head.includes("\r\n\r\n");
    connection.head = isWhole ? null : head;
    if (head.length > MAX_HEAD_BYTES) return refuse(on, "431 Too long");
    if (!isWhole) return;
    const [line = ""] = head.toString("latin1").split("\r\n");
    void begin(on, connection, line).catch(() => refuse(on, "502 No answer"));
  }

  return {
    hear(event) {
      if (event.event === "open")
        connections.set(event.on, { head: Buffer.alloc(0), outside: null, onItsWay: 0 });
      else if (event.event === "closed") drop(event.on);
      else if (event.event === "sent") {
        const connection = connections.get(event.on);
        if (connection) take(event.on, connection, event.body);
      } else if (event.event === "took") {
        const connection = connections.get(event.on);
        if (!connection) return true;
        connection.onItsWay -= event.bytes;
        if (connection.onItsWay <= WINDOW_BYTES / 2) connection.outside?.resume();
      } else return false;
      return true;
    },
    close() {
      for (const on of connections.keys()) drop(on);
    },
  };
}
