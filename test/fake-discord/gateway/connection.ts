import {
  GatewayCloseCodes as Close,
  GatewayIntentBits,
  GatewayOpcodes as Op,
} from "discord-api-types/v10";
import type { WebSocket } from "ws";

import { isObject, numberOf, objects, textOf } from "../forms/form.ts";
import type { Journal } from "../journal.ts";
import { toApiGuildCreate, toApiMember, toApiUser } from "../payloads/guild.ts";
import type { JsonObject } from "../world/model.ts";
import { type World, newToken } from "../world/world.ts";
import { ALL_INTENTS, shardOf } from "./intents.ts";
import { type Frame, Session } from "./session.ts";

const MAX_EVENTS_PER_MINUTE = 120;
const CONNECTION_LOST = 1006;
const MEMBERS_PER_CHUNK = 1000;
const MEMBER_INTENTS = GatewayIntentBits.GuildMembers;

export interface GatewayOptions {
  readonly heartbeatIntervalMs: number;
  /** How long a session outlives its socket. */
  readonly sessionLifetimeMs: number;
  /** Identifying faster than this is answered by op 9. Discord's own number is 5,000. */
  readonly identifyIntervalMs: number;
  readonly maxIdentifies: number;
  /** What the developer portal does not allow; asking for it closes with 4014. */
  readonly forbiddenIntents: number;
  /** Set to demand sharding: fewer shards close with 4011. */
  readonly minShards: number;
}

/** The part of the gateway that its connections share. */
export interface GatewayRoom {
  readonly world: World;
  readonly journal: Journal;
  readonly options: GatewayOptions;
  readonly sessions: Map<string, Session>;
  readonly url: string;
  token: string;
  identifies: number;
  lastIdentifyAt: number;
  /** Sends unless the socket is a zombie. */
  transmit(socket: WebSocket, frame: Frame, sessionId: string | null): void;
  deliver(session: Session, t: string, d: JsonObject): void;
}

/** One socket, from HELLO to its end. What outlives it is the session. */
export class GatewayConnection {
  readonly socket: WebSocket;
  readonly #room: GatewayRoom;
  #session: Session | null = null;
  #isClosing = false;
  #received: number[] = [];

  constructor(room: GatewayRoom, socket: WebSocket) {
    this.#room = room;
    this.socket = socket;
    // With the default binaryType every message comes as one Buffer.
    socket.on("message", (data: Buffer) => this.#receive(data.toString("utf8")));
    socket.on("close", (code) => this.#closed(code));
    socket.on("error", () => socket.terminate());
  }

  hello(): void {
    this.#send(Op.Hello, {
      heartbeat_interval: this.#room.options.heartbeatIntervalMs,
      _trace: [],
    });
  }

  close(code: number): void {
    this.#isClosing = true;
    this.#room.journal.addClose({ by: "server", code, sessionId: this.#session?.id ?? null });
    if (endsSession(code)) this.#endSession();
    this.#leaveSession();
    this.socket.close(code);
  }

  /** Op 9: the socket stays, and may resume or identify again. */
  invalidate(resumable: boolean): void {
    this.#leaveSession();
    this.#send(Op.InvalidSession, resumable);
  }

  /** Tears the TCP connection down: no close frame, and the session may be resumed. */
  cut(): void {
    this.#isClosing = true;
    this.#room.journal.addClose({
      by: "server",
      code: CONNECTION_LOST,
      sessionId: this.#session?.id ?? null,
    });
    this.#leaveSession();
    this.socket.terminate();
  }

  #receive(text: string): void {
    const frame = parse(text);
    if (!frame) return this.close(Close.DecodeError);
    const op = numberOf(frame["op"]) ?? -1;
    const t = op === Op.Resume || op === Op.Identify ? null : (textOf(frame["t"]) ?? null);
    this.#room.journal.addFrame({
      direction: "in",
      op,
      t,
      s: null,
      sessionId: this.#session?.id ?? null,
    });
    if (this.#isFlooding()) return this.close(Close.RateLimited);
    const d = isObject(frame["d"]) ? frame["d"] : {};
    switch (op) {
      case Op.Heartbeat:
        return this.#send(Op.HeartbeatAck, undefined);
      case Op.Identify:
        return this.#session ? this.close(Close.AlreadyAuthenticated) : this.#identify(d);
      case Op.Resume:
        return this.#session ? this.close(Close.AlreadyAuthenticated) : this.#resume(d);
      case Op.RequestGuildMembers:
        return this.#session
          ? this.#sendMembers(this.#session, d)
          : this.close(Close.NotAuthenticated);
      case Op.PresenceUpdate:
      case Op.VoiceStateUpdate:
        return this.#session ? undefined : this.close(Close.NotAuthenticated);
      default:
        return this.close(Close.UnknownOpcode);
    }
  }

  #identify(d: JsonObject): void {
    const { world, options } = this.#room;
    const room = this.#room;
    const intents = numberOf(d["intents"]);
    const shard = readShard(d["shard"]);
    room.identifies += 1;
    // Beyond the daily limit Discord ends all sessions and resets the token.
    if (room.identifies > options.maxIdentifies) room.token = newToken();
    if (!sameToken(d["token"], room.token)) return this.close(Close.AuthenticationFailed);
    if (!shard) return this.close(Close.InvalidShard);
    if (shard[1] < options.minShards) return this.close(Close.ShardingRequired);
    if (intents === undefined || (intents & ~ALL_INTENTS) !== 0)
      return this.close(Close.InvalidIntents);
    if (intents & options.forbiddenIntents) return this.close(Close.DisallowedIntents);
    if (world.now() - room.lastIdentifyAt < options.identifyIntervalMs) {
      return this.#send(Op.InvalidSession, false);
    }
    room.lastIdentifyAt = world.now();
    this.#open(new Session({ id: newToken(16), intents, shard, socket: this.socket }));
  }

  #open(session: Session): void {
    const { world } = this.#room;
    this.#session = session;
    this.#room.sessions.set(session.id, session);
    const [shard, count] = session.shard;
    const joined = [...world.guilds.values()].filter(
      ({ id, members }) => members.has(world.bot.id) && shardOf(id, count) === shard,
    );
    this.#room.deliver(session, "READY", {
      v: 10,
      user: { ...toApiUser(world.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: joined.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      session_type: "normal",
      resume_gateway_url: this.#room.url,
      shard: session.shard,
      application: { id: world.application.id, flags: 0 },
      private_channels: [],
    });
    if (!(session.intents & GatewayIntentBits.Guilds)) return;
    for (const guild of joined)
      this.#room.deliver(session, "GUILD_CREATE", toApiGuildCreate(world, guild));
  }

  #resume(d: JsonObject): void {
    const session = this.#room.sessions.get(textOf(d["session_id"]) ?? "");
    const seq = numberOf(d["seq"]) ?? 0;
    if (!sameToken(d["token"], this.#room.token)) return this.close(Close.AuthenticationFailed);
    if (!session?.canReplay(seq)) return this.#send(Op.InvalidSession, false);
    if (seq > session.seq) return this.close(Close.InvalidSeq);

    clearTimeout(session.expiry);
    session.socket?.terminate();
    session.socket = this.socket;
    this.#session = session;
    for (const frame of session.since(seq)) this.#room.transmit(this.socket, frame, session.id);
    this.#room.deliver(session, "RESUMED", {});
  }

  #sendMembers(session: Session, d: JsonObject): void {
    const guild = this.#room.world.guilds.get(textOf(d["guild_id"]) ?? "");
    const wantsAll = d["query"] === "" && d["limit"] === 0;
    if (!guild || (wantsAll && !(session.intents & MEMBER_INTENTS))) return;
    const ids = [d["user_ids"] ?? []].flat().map(String);
    const query = (textOf(d["query"]) ?? "").toLowerCase();
    const found = [...guild.members.values()].filter(({ user }) =>
      d["user_ids"] === undefined ? user.username.startsWith(query) : ids.includes(user.id),
    );
    const limit = numberOf(d["limit"]) || MEMBERS_PER_CHUNK;
    this.#room.deliver(session, "GUILD_MEMBERS_CHUNK", {
      guild_id: guild.id,
      members: found.slice(0, limit).map(toApiMember),
      chunk_index: 0,
      chunk_count: 1,
      not_found: ids.filter((id) => !guild.members.has(id)),
      ...(d["nonce"] === undefined ? {} : { nonce: d["nonce"] }),
    });
  }

  #closed(code: number): void {
    const session = this.#session;
    // What comes back after our own close is only its echo.
    if (!this.#isClosing) {
      this.#room.journal.addClose({ by: "client", code, sessionId: session?.id ?? null });
    }
    // A client that says goodbye does not want to resume.
    if (code === 1000 || code === 1001) this.#endSession();
    this.#leaveSession();
  }

  /** The session waits for somebody to resume it, for a while. */
  #leaveSession(): void {
    const session = this.#session;
    this.#session = null;
    if (session?.socket !== this.socket) return;
    session.socket = null;
    const { sessions, options } = this.#room;
    if (!sessions.has(session.id)) return;
    session.expiry = setTimeout(() => sessions.delete(session.id), options.sessionLifetimeMs);
    session.expiry.unref();
  }

  #endSession(): void {
    if (this.#session?.socket === this.socket) this.#room.sessions.delete(this.#session.id);
  }

  #isFlooding(): boolean {
    const now = this.#room.world.now();
    this.#received = [...this.#received.filter((at) => now - at < 60_000), now];
    return this.#received.length > MAX_EVENTS_PER_MINUTE;
  }

  #send(op: number, d: unknown): void {
    this.#room.transmit(this.socket, control(op, d), this.#session?.id ?? null);
  }
}

/** A frame that is no event: it has no number and no name. */
export function control(op: number, d: unknown): Frame {
  return { op, t: null, s: null, text: JSON.stringify({ op, d, s: null, t: null }) };
}

function endsSession(code: number): boolean {
  const gone: readonly number[] = [
    1000,
    1001,
    Close.AuthenticationFailed,
    Close.InvalidSeq,
    Close.SessionTimedOut,
    Close.InvalidShard,
    Close.ShardingRequired,
    Close.InvalidIntents,
    Close.DisallowedIntents,
  ];
  return gone.includes(code);
}

function sameToken(given: unknown, token: string): boolean {
  return typeof given === "string" && given.replace(/^Bot /, "") === token;
}

function readShard(value: unknown): readonly [number, number] | null {
  if (value === undefined) return [0, 1];
  const [id, count] = Array.isArray(value) ? value.map(Number) : [];
  return id !== undefined && count !== undefined && count > 0 && id >= 0 && id < count
    ? [id, count]
    : null;
}

function parse(text: string): JsonObject | undefined {
  try {
    return objects([JSON.parse(text)])[0];
  } catch {
    return undefined; // the caller closes with 4002, which is all that Discord does
  }
}
