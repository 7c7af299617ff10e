import { Duplex } from "node:stream";
import { asError } from "../../lib/as-error.ts";

/** Answers one or more whole messages of PostgreSQL's wire protocol with whatever the server says to them. */
export type Exchange = (request: Uint8Array) => Promise<Uint8Array>;

/**
 * What node-postgres takes for a socket: bytes go to a PostgreSQL that lives in this process, in order, one exchange at
 * a time. node-postgres writes whole messages, and corks those that belong together.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class WireStream extends Duplex {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    super();
    this.#exchange = exchange;
  }

  /** There is nothing to connect to; node-postgres waits for the event. */
  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error: Error | null) => void): void {
    void this.#send(chunk, done);
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error: Error | null) => void,
  ): void {
    void this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  async #send(request: Uint8Array, done: (error: Error | null) => void): Promise<void> {
    let failure: Error | null = null;
    try {
      const answer = await this.#exchange(request);
      if (answer.byteLength > 0) this.push(answer);
    } catch (error) {
      failure = asError(error);
    }
    done(failure);
  }

  // What node-postgres does to a socket and means nothing here.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
