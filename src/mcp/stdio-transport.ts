import {
  deserializeMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { McpProblem } from "../core/mcp-control.ts";
import { asError } from "../lib/as-error.ts";
import type { LineRing } from "./line-ring.ts";
import { MAX_MESSAGE_BYTES, MAX_STRAY_LINES, MAX_UNANSWERED } from "./limits.ts";
import type { RunningProgram } from "./program.ts";

const NEWLINE = 10;

/**
 * Messages to and from a program, a line each. Other lines on its output are kept aside up to a limit; a line that is too
 * long ends it. The library tells by `pid` and `stderr` that it talks to a program.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly stderr = null;
  readonly #program: RunningProgram;
  readonly #aside: LineRing;
  /** Ids of what was asked and has no answer yet. */
  readonly #asked = new Set<string | number>();
  #pieces: Buffer[] = [];
  #bytes = 0;
  #stray = 0;
  #isClosed = false;
  /** Why it was ended by us; null when it was not. */
  #fault: McpProblem | null = null;

  constructor(program: RunningProgram, aside: LineRing) {
    this.#program = program;
    this.#aside = aside;
  }

  get pid(): number {
    return this.#program.pid;
  }

  get fault(): McpProblem | null {
    return this.#fault;
  }

  async start(): Promise<void> {
    const { stdout, stderr, exited } = this.#program;
    stdout.on("data", (piece: Buffer) => this.#take(piece));
    stdout.on("error", (error) => this.onerror?.(asError(error)));
    stderr.setEncoding("utf8");
    stderr.on("data", (piece: string) => this.#aside.take(piece));
    void exited.then((how) => this.#end(new McpProblem("broken", `Its program has gone: ${how}.`)));
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) throw this.#fault ?? new McpProblem("gone", "Its program has ended.");
    if ("method" in message && "id" in message) this.#ask(message.id);
    const { stdin, exited } = this.#program;
    if (stdin.write(serializeMessage(message))) return;
    const drained = new Promise<void>((resolve) => stdin.once("drain", resolve));
    await Promise.race([drained, exited]);
  }

  #ask(id: string | number): void {
    this.#asked.add(id);
    const [oldest] = this.#asked;
    if (this.#asked.size > MAX_UNANSWERED && oldest !== undefined) this.#asked.delete(oldest);
  }

  async close(): Promise<void> {
    this.#end(null);
    await this.#program.end();
  }

  #end(fault: McpProblem | null): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fault = fault;
    this.#pieces = [];
    this.onclose?.();
    // What it started does not outlive it.
    void this.#program.end();
  }

  #take(piece: Buffer): void {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      this.#pieces.push(piece.subarray(from, at));
      this.#bytes += at - from;
      from = at + 1;
      if (!this.#isWithinBounds()) return;
      const line = Buffer.concat(this.#pieces).toString("utf8");
      this.#pieces = [];
      this.#bytes = 0;
      this.#read(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (this.#isClosed) return;
    }
    if (from === piece.length) return;
    this.#pieces.push(piece.subarray(from));
    this.#bytes += piece.length - from;
    this.#isWithinBounds();
  }

  /** The library takes "1" for 1, and an answer is an answer once. */
  #isAwaited(message: JSONRPCMessage): boolean {
    return "method" in message || (message.id !== undefined && this.#asked.delete(message.id));
  }

  #isWithinBounds(): boolean {
    if (this.#isClosed) return false;
    if (this.#bytes <= MAX_MESSAGE_BYTES) return true;
    const most = MAX_MESSAGE_BYTES / 1024 / 1024;
    this.#end(new McpProblem("broken", `It sent a message of more than ${most} MB.`));
    return false;
  }

  #read(line: string): void {
    if (line.trim() === "") return;
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      this.#aside.add(line);
      if (++this.#stray > MAX_STRAY_LINES)
        this.#end(
          new McpProblem(
            "broken",
            "It writes to its output what are no messages; that is the place for messages alone.",
          ),
        );
      return;
    }
    this.#stray = 0;
    if (this.#isAwaited(message)) this.onmessage?.(message);
    else this.#aside.add("(client) an answer to what was not asked");
  }
}
