import type { WebSocket } from "ws";

import { pushBounded } from "../world/bounded.ts";
import type { JsonObject } from "../world/model.ts";
import type { Audience } from "./intents.ts";

const MAX_REPLAY = 5000;

/** One thing said on a socket: its text, and what the journal notes of it. */
export interface Frame {
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  readonly text: string;
}

/** What a bot may resume: it counts events and keeps them, whether or not a socket is there. */
export class Session implements Audience {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  socket: WebSocket | null;
  seq = 0;
  expiry: NodeJS.Timeout | undefined;
  #frames: Frame[] = [];
  #toLose = 0;

  constructor(given: Audience & { readonly id: string; readonly socket: WebSocket }) {
    this.id = given.id;
    this.intents = given.intents;
    this.shard = given.shard;
    this.socket = given.socket;
  }

  /** Numbers an event and keeps it for RESUME. Null when a test wanted this one lost for good. */
  record(t: string, d: JsonObject): Frame | null {
    this.seq += 1;
    if (this.#toLose > 0) {
      this.#toLose -= 1;
      return null;
    }
    const kind = { op: 0, t, s: this.seq };
    const frame = { ...kind, text: JSON.stringify({ ...kind, d }) };
    pushBounded(this.#frames, frame, MAX_REPLAY);
    return frame;
  }

  /** False when the client was away for more than is kept. */
  canReplay(seq: number): boolean {
    return (this.#frames[0]?.s ?? 0) <= seq + 1;
  }

  since(seq: number): Frame[] {
    return this.#frames.filter(({ s }) => s !== null && s > seq);
  }

  last(count: number): Frame[] {
    return this.#frames.slice(-count);
  }

  loseNext(count: number): void {
    this.#toLose = count;
  }
}

/** What a test may know of a session. */
export interface SessionInfo {
  readonly id: string;
  readonly seq: number;
  readonly intents: number;
  readonly shard: readonly [number, number];
  readonly connected: boolean;
}
