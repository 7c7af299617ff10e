import { EventEmitter } from "node:events";
import { PassThrough, Writable } from "node:stream";
import type { Machine } from "../src/cli/machine.ts";
import type { ExitCode } from "../src/lib/exit-codes.ts";

export interface FakeMachine extends Machine {
  readonly process: EventEmitter;
  readonly said: () => string;
  readonly complained: () => string;
  readonly exits: readonly ExitCode[];
}

/** A machine with an environment of its own, whose output can be read and whose signals a test sends. */
export function fakeMachine(env: Readonly<Record<string, string>> = {}): FakeMachine {
  const output = collector();
  const errors = collector();
  const exits: ExitCode[] = [];
  return {
    env,
    exits,
    input: new PassThrough(),
    output: output.stream,
    errors: errors.stream,
    process: new EventEmitter(),
    exit: (code) => void exits.push(code),
    nodeVersion: "v24.21.0",
    said: output.text,
    complained: errors.text,
  };
}

function collector() {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}
