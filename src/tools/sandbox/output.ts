import { StringDecoder } from "node:string_decoder";
import type { LimitHit, RunEnd, RunEvent, RunLimits } from "../../core/sandbox.ts";

/** What a model gets of a program's output: its beginning, and its end. */
const HEAD_CHARS = 6_000;
const TAIL_CHARS = 6_000;
const PROGRESS_CHARS = 80;
const MB = 1_024 * 1_024;

export interface Ran {
  readonly end: RunEnd;
  readonly out: string;
  readonly err: string;
  /** Of a session's run: whether names of earlier runs were not there. */
  readonly isNewSession: boolean | null;
}

/** Follows a program to its end. `progress` gets the last line that it printed. */
export async function follow(
  events: AsyncIterable<RunEvent>,
  progress: (line: string) => void,
): Promise<Ran> {
  const out = createKept();
  const err = createKept();
  let isNewSession: boolean | null = null;
  for await (const event of events) {
    if (event.type === "session") isNewSession = event.isNew;
    if (event.type === "end") return { end: event, out: out.end(), err: err.end(), isNewSession };
    if (event.type !== "output") continue;
    (event.to === "out" ? out : err).add(event.bytes);
    const line = lastLine(Buffer.from(event.bytes).toString());
    if (line !== "") progress(line);
  }
  throw new Error("The sandbox did not say how the program ended.");
}

/** Both ends of a text, however long it gets. */
function createKept() {
  const decoder = new StringDecoder("utf8");
  let [head, tail, chars] = ["", "", 0];
  const addText = (text: string) => {
    chars += text.length;
    const room = HEAD_CHARS - head.length;
    head += text.slice(0, room);
    tail = (tail + text.slice(room)).slice(-TAIL_CHARS);
  };
  return {
    add: (bytes: Uint8Array) => addText(decoder.write(bytes)),
    end(): string {
      addText(decoder.end());
      const left = chars - head.length - tail.length;
      if (left <= 0) return head + tail;
      return `${head}\n[... ${left} characters are left out here. Write long output to a file below /box, and read the parts that matter ...]\n${tail}`;
    },
  };
}

/** For people who wait: what a program prints says nothing but itself. */
function lastLine(text: string): string {
  const line = text.split("\n").findLast((each) => each.trim() !== "") ?? "";
  return line
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "")
    .replace(/[*_~|`@<>#[\]\\]/g, "")
    .trim()
    .slice(0, PROGRESS_CHARS);
}

/** For the model. */
export function toWords({ end, out, err, isNewSession }: Ran, limits: RunLimits): string {
  return [
    ...(out === "" ? [] : [out.trimEnd()]),
    ...(err === "" ? [] : ["Errors:", err.trimEnd()]),
    ...(out === "" && err === "" ? ["It printed nothing."] : []),
    "",
    ending(end),
    ...(end.limit === null ? [] : [LIMITS[end.limit](limits)]),
    ...(isNewSession !== null && !end.hasSession
      ? ["The Python session ended with it: names are lost, files are there."]
      : []),
  ].join("\n");
}

function ending({ exitCode, signal, elapsedMs, peakBytes }: RunEnd): string {
  const how = exitCode === null ? `Ended by signal ${signal}` : `Exit code ${exitCode}`;
  const took = `${(elapsedMs / 1_000).toFixed(elapsedMs < 10_000 ? 2 : 0)} s`;
  return `[${how}, ${took}, at most ${Math.max(1, Math.round(peakBytes / MB))} MB of memory]`;
}

const LIMITS: Readonly<Record<LimitHit, (limits: RunLimits) => string>> = {
  time: ({ timeMs }) =>
    `It was ended because it took longer than ${timeMs / 1_000} s. A longer time can be asked for with "timeout"; better, do less at once.`,
  output: ({ outBytes }) =>
    `It was ended because it printed more than ${Math.round(outBytes / 1_024)} kB. Write it to a file instead.`,
  memory: () => "Memory ran out. Work on a part at a time, or with types that need less.",
  processes: () => "It started as many processes as may be, and some did not start.",
  disk: () => "The workspace is full. Remove files that are not needed.",
  "file-size": () => "It was ended because a file became larger than may be.",
  stopped: () => "It was stopped.",
};
