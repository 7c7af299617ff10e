import { GatewayOpcodes } from "discord-api-types/v10";

import { pushBounded } from "./world/bounded.ts";
import type { JsonObject } from "./world/model.ts";

const MAX_ENTRIES = 50_000;

export interface RestEntry {
  readonly kind: "rest";
  readonly at: number;
  readonly method: string;
  /** The template, like `/channels/:channelId/messages`. */
  readonly route: string;
  readonly path: string;
  readonly body: JsonObject | readonly unknown[];
  /** What the client saw: a status, or how it was left without one. */
  status: number | "pending" | "reset" | "silence";
  /** Set on a 429. */
  scope?: "user" | "global" | "shared";
}

export interface GatewayEntry {
  readonly kind: "gateway";
  readonly at: number;
  readonly direction: "in" | "out";
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  readonly sessionId: string | null;
}

/** A socket's end: the code the client gave, or the one we gave it. */
export interface CloseEntry {
  readonly kind: "close";
  readonly at: number;
  readonly by: "client" | "server";
  readonly code: number;
  readonly sessionId: string | null;
}

export type JournalEntry = RestEntry | GatewayEntry | CloseEntry;

export interface JournalCounts {
  readonly identifies: number;
  readonly resumes: number;
  readonly heartbeats: number;
  readonly requests: number;
  readonly messageCreates: number;
  readonly messageEdits: number;
  readonly typings: number;
  /** 401, 403 and 429 save `shared`: 10,000 of them in ten minutes and Discord bans the address. */
  readonly invalidRequests: number;
}

/** What was said on the wire, in order: every gateway frame's kind and every REST request. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #now: () => number;
  readonly #changed: () => void;

  /** `changed` is called after each entry. */
  constructor(now: () => number, changed: () => void) {
    this.#now = now;
    this.#changed = changed;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  addRest(entry: Omit<RestEntry, "kind" | "at">): RestEntry {
    return this.#add({ kind: "rest", at: this.#now(), ...entry });
  }

  addFrame(entry: Omit<GatewayEntry, "kind" | "at">): void {
    this.#add({ kind: "gateway", at: this.#now(), ...entry });
  }

  addClose(entry: Omit<CloseEntry, "kind" | "at">): void {
    this.#add({ kind: "close", at: this.#now(), ...entry });
  }

  /** Requests so far, newest last; `route` is the template. */
  rest(filter: { readonly method?: string; readonly route?: string } = {}): RestEntry[] {
    return this.#entries
      .filter((entry) => entry.kind === "rest")
      .filter(({ method }) => filter.method === undefined || method === filter.method)
      .filter(({ route }) => filter.route === undefined || route === filter.route);
  }

  gateway(filter: { readonly op?: number; readonly t?: string } = {}): GatewayEntry[] {
    return this.#entries
      .filter((entry) => entry.kind === "gateway")
      .filter(({ op }) => filter.op === undefined || op === filter.op)
      .filter(({ t }) => filter.t === undefined || t === filter.t);
  }

  closes(): CloseEntry[] {
    return this.#entries.filter((entry) => entry.kind === "close");
  }

  /** A request has got its status: whoever waits for that may look again. */
  answered(): void {
    this.#changed();
  }

  counts(): JournalCounts {
    const received = (op: number) =>
      this.gateway({ op }).filter(({ direction }) => direction === "in").length;
    const invalid = this.rest().filter(
      ({ status, scope }) =>
        status === 401 || status === 403 || (status === 429 && scope !== "shared"),
    );
    const message = "/channels/:channelId/messages/:messageId";
    return {
      identifies: received(GatewayOpcodes.Identify),
      resumes: received(GatewayOpcodes.Resume),
      heartbeats: received(GatewayOpcodes.Heartbeat),
      requests: this.rest().length,
      messageCreates: this.rest({ method: "POST", route: "/channels/:channelId/messages" }).length,
      messageEdits: this.rest({ method: "PATCH", route: message }).length,
      typings: this.rest({ method: "POST", route: "/channels/:channelId/typing" }).length,
      invalidRequests: invalid.length,
    };
  }

  #add<T extends JournalEntry>(entry: T): T {
    pushBounded(this.#entries, entry, MAX_ENTRIES);
    this.#changed();
    return entry;
  }
}
