import { SandboxProblem, type Program, type RunEvent, type RunLimits } from "../../core/sandbox.ts";
import { fromLine, LINE } from "../wire.ts";
import type { Remote } from "./remote.ts";

/** A line that is longer is none of ours. */
const MAX_LINE_CHARS = 4 * 1_024 * 1_024;
/** On top of the time that a run has. */
const PATIENCE_MS = 10_000;

/** A run on the other machine, as it happens. To go away is to stop it. */
export async function* execRemotely(
  remote: Remote,
  path: string,
  asked: { readonly program: Program; readonly limits: RunLimits },
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const leave = new AbortController();
  const late = setTimeout(() => leave.abort(), asked.limits.timeMs + PATIENCE_MS);
  const either = AbortSignal.any([signal, leave.signal]);
  try {
    const body = await remote.stream(path, asked, either);
    for await (const line of linesOf(body)) {
      const event = fromLine(LINE.parse(JSON.parse(line)));
      yield event;
      if (event.type === "end") return;
    }
    throw cutOff(null);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof SandboxProblem ? error : cutOff(error);
  } finally {
    clearTimeout(late);
    leave.abort();
  }
}

const cutOff = (cause: unknown): SandboxProblem =>
  new SandboxProblem(
    "ended",
    "The sandbox service went away in the middle of a run. What was saved before is there; try again.",
    { cause },
  );

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let waiting = "";
  for await (const piece of body) {
    waiting += decoder.decode(piece, { stream: true });
    const lines = waiting.split("\n");
    waiting = lines.pop() ?? "";
    if (waiting.length > MAX_LINE_CHARS) throw new Error("The line is too long.");
    yield* lines.filter((line) => line !== "");
  }
}
