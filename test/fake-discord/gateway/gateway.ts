import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import { GatewayOpcodes as Op } from "discord-api-types/v10";
import { type WebSocket, WebSocketServer } from "ws";

import type { Journal } from "../journal.ts";
import type { GatewayInfo } from "../rest/users.ts";
import type { JsonObject } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { GatewayConnection, type GatewayOptions, type GatewayRoom, control } from "./connection.ts";
import { asHeard, hears } from "./intents.ts";
import type { Frame, Session, SessionInfo } from "./session.ts";

export interface GatewaySettings {
  readonly world: World;
  readonly journal: Journal;
  readonly options: GatewayOptions;
  readonly token: string;
  readonly url: string;
}

/** All sockets and sessions, and the ways to hurt them. What is done here strikes every socket there is. */
export class Gateway implements GatewayRoom {
  readonly world: World;
  readonly journal: Journal;
  readonly options: GatewayOptions;
  readonly url: string;
  readonly sessions = new Map<string, Session>();
  token: string;
  identifies = 0;
  lastIdentifyAt = 0;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Map<WebSocket, GatewayConnection>();
  readonly #zombies = new WeakSet<WebSocket>();
  #helloDelayMs = 0;
  #refuseUntil = 0;

  constructor({ world, journal, options, token, url }: GatewaySettings) {
    this.world = world;
    this.journal = journal;
    this.options = options;
    this.token = token;
    this.url = url;
    world.onDispatch((dispatch) => {
      for (const session of this.sessions.values()) {
        if (hears(world, session, dispatch)) {
          this.deliver(session, dispatch.t, asHeard(world, session, dispatch));
        }
      }
    });
  }

  /** What GET /gateway/bot tells. */
  limits(): GatewayInfo {
    const { maxIdentifies, minShards } = this.options;
    const identifiesLeft = Math.max(0, maxIdentifies - this.identifies);
    return { url: this.url, identifiesLeft, maxIdentifies, minShards };
  }

  isConnected(): boolean {
    return [...this.sessions.values()].some(({ socket }) => socket !== null);
  }

  /** Takes over an HTTP upgrade, or hangs up on it while connections are refused. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (this.world.now() < this.#refuseUntil) return void stream.destroy();
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      const connection = new GatewayConnection(this, socket);
      this.#connections.set(socket, connection);
      socket.once("close", () => this.#connections.delete(socket));
      setTimeout(() => connection.hello(), this.#helloDelayMs).unref();
    });
  }

  transmit(socket: WebSocket, { op, t, s, text }: Frame, sessionId: string | null): void {
    if (this.#zombies.has(socket) || socket.readyState !== socket.OPEN) return;
    this.journal.addFrame({ direction: "out", op, t, s, sessionId });
    socket.send(text);
  }

  deliver(session: Session, t: string, d: JsonObject): void {
    const frame = session.record(t, d);
    if (frame && session.socket) this.transmit(session.socket, frame, session.id);
  }

  /** The sessions of now, those without a socket too. */
  sessionsNow(): SessionInfo[] {
    return [...this.sessions.values()].map(({ id, seq, intents, shard, socket }) => ({
      id,
      seq,
      intents,
      shard,
      connected: socket !== null,
    }));
  }

  /** Op 7: asks every client to come back and resume. */
  reconnect(): void {
    this.#sendAll(control(Op.Reconnect, null));
  }

  /** Op 9. Without `resumable` the sessions are gone, and with them the events missed. */
  invalidSession(resumable: boolean): void {
    if (!resumable) this.forgetSessions();
    for (const connection of this.#connections.values()) connection.invalidate(resumable);
  }

  /** The sockets of now stay open and say nothing more, not even ACKs; new ones are healthy. */
  zombie(on = true): void {
    for (const socket of this.#connections.keys()) {
      if (on) this.#zombies.add(socket);
      else this.#zombies.delete(socket);
    }
  }

  /** Closes with a code, or without one tears the TCP connections down. */
  drop(code?: number): void {
    for (const connection of this.#connections.values()) {
      if (code === undefined) connection.cut();
      else connection.close(code);
    }
  }

  /** The next `count` events of each session take a number and are never seen, not even by RESUME. */
  gap(count: number): void {
    for (const session of this.sessions.values()) session.loseNext(count);
  }

  /** Sends the last `count` events again, with the same sequence numbers. */
  replay(count = 1): void {
    for (const session of this.sessions.values()) {
      for (const frame of session.last(count)) {
        if (session.socket) this.transmit(session.socket, frame, session.id);
      }
    }
  }

  /** Any text to every socket: broken JSON, unknown events, huge frames. */
  sendRaw(text: string): void {
    this.#sendAll({ op: -1, t: null, s: null, text });
  }

  /** An event of any name to every session, numbered and kept for RESUME like a real one. */
  dispatch(t: string, d: JsonObject): void {
    for (const session of this.sessions.values()) this.deliver(session, t, d);
  }

  /** Ends all sessions silently: the next RESUME gets op 9. */
  forgetSessions(): void {
    for (const session of this.sessions.values()) clearTimeout(session.expiry);
    this.sessions.clear();
  }

  /** HELLO comes this much later on new connections. */
  delayHello(ms: number): void {
    this.#helloDelayMs = ms;
  }

  /** New connections are cut off for this long. */
  refuse(ms: number): void {
    this.#refuseUntil = this.world.now() + ms;
  }

  stop(): void {
    this.forgetSessions();
    for (const socket of this.#connections.keys()) socket.terminate();
    this.#server.close();
  }

  #sendAll(frame: Frame): void {
    for (const socket of this.#connections.keys()) this.transmit(socket, frame, null);
  }
}
