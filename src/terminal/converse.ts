import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { ConversationId } from "../core/ids.ts";
import { readDecision, type TypedDecision } from "../core/typed-decision.ts";
import { noAnswer, type Answer } from "./answer.ts";
import { ask, decide, newConversation, type Asked, type Question } from "./ask.ts";
import type { TerminalDeps } from "./deps.ts";
import { harmless } from "./harmless.ts";
import { readQuestion } from "./read-question.ts";
import { createScreen, type TerminalOutput } from "./screen.ts";
import { paint, toRows } from "./to-rows.ts";

const PROMPT = "› ";
/** Questions that the arrow keys bring back. */
const MAX_RECALLED = 200;
const HELP = `/stop  stop the answer (Ctrl-C does too; twice leaves)
/new   begin a new conversation
/approve, /deny  decide on what waits for you
/quit  leave (Ctrl-D does too)
!high, !mid or !low before a question choose the model.`;

/**
 * A prompt, and answers that grow below it. While one grows, what is typed is kept for later, save `/stop`.
 * Resolves when the signal fires; `leave` is what makes it fire when the person wants to go.
 */
export async function converse(
  deps: TerminalDeps,
  greeting: string,
  leave: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { input, output } = deps;
  const echo = createEcho(output);
  const note = (text: string) => void output.write(`${paint(output, "dim", text)}\n`);
  const answering = createAnswering(deps, signal, note);
  let conversation = newConversation(deps);
  let typedAhead = 0;

  const lines = createInterface({
    input,
    output: echo.stream,
    terminal: true,
    prompt: PROMPT,
    historySize: MAX_RECALLED,
    signal,
  });
  lines.on("close", leave);
  lines.on("SIGINT", () => answering.stop() || leave());
  lines.on("line", (line) => {
    if (!answering.isBusy()) return;
    if (isStop(line)) answering.stop();
    else typedAhead++;
  });

  async function obey(line: string): Promise<void> {
    switch (line) {
      case "/stop": // Heard above, while there was something to stop.
        return;
      case "/new":
        conversation = newConversation(deps);
        return note("A new conversation.");
      case "/help":
        return note(HELP);
      case "/quit":
        return leave();
    }
    const typed = readDecision(line);
    if (typed) {
      echo.mute(true);
      return answering.decide(conversation, typed).finally(() => echo.mute(false));
    }
    const reading = readQuestion(deps.readTier, line);
    if (reading.kind === "refused") note(reading.why);
    if (reading.kind !== "question") return;
    echo.mute(true);
    await answering.answer({ ...reading, conversation }).finally(() => echo.mute(false));
  }

  const silence = deps.announcements?.listen((text) => {
    const tell = () => {
      output.write(`\r\u001b[J${harmless(text)}\n`);
      lines.prompt(true);
    };
    // Below an answer that grows there is no room.
    void answering.idle().then(tell);
  });
  lines.on("close", () => silence?.());
  note(greeting);
  lines.prompt();
  // However this loop ends, readline is closed by it, and the terminal is as it was.
  for await (const line of lines) {
    if (typedAhead > 0 && !isStop(line)) {
      // It was typed while the echo was off. The prompt may hold the beginning of the next one.
      typedAhead--;
      output.write(`\r\u001b[J${PROMPT}${line}\n`);
    }
    await obey(line.trim());
    if (signal.aborted) return;
    lines.prompt(true);
  }
}

const isStop = (line: string): boolean => line.trim() === "/stop";

/** The one answer that may be under way. */
function createAnswering(deps: TerminalDeps, signal: AbortSignal, note: (text: string) => void) {
  const screen = createScreen(deps.output);
  const draw = (answer: Answer) => screen.draw(toRows(answer, deps.output));
  let asked: Asked | null = null;
  let isStopping = false;

  let over: Promise<unknown> = Promise.resolve();

  async function finish(given: Asked): Promise<void> {
    asked = given;
    const answered = given.answer.finally(() => {
      asked = null;
      screen.keep();
      deps.output.write("\n");
    });
    over = answered.catch(() => {}); // Thrown below.
    await answered;
  }

  return {
    isBusy: () => asked !== null,
    /** Resolves when no answer grows. Never rejects. */
    idle: () => over,
    async answer(question: Question): Promise<void> {
      draw(noAnswer);
      isStopping = false;
      await finish(ask(deps, question, draw, signal));
    },
    async decide(conversation: ConversationId, typed: TypedDecision): Promise<void> {
      isStopping = false;
      const decided = await decide(deps, conversation, typed, draw, signal);
      if (decided.kind === "refused") return note(decided.why);
      await finish(decided.asked);
    },
    /** False when there is nothing to stop, or when it was stopped already. */
    stop(): boolean {
      if (asked === null || isStopping) return false;
      isStopping = true;
      // At worst the answer goes on; Ctrl-C again leaves.
      asked.stop().catch(() => note("It could not be stopped."));
      return true;
    },
  };
}

/** What readline writes to: silent while an answer is drawn, so that typing ahead does not disturb it. */
function createEcho(output: TerminalOutput) {
  let isMuted = false;
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  Object.defineProperty(stream, "columns", { get: () => output.columns });
  const mute = (muted: boolean): void => {
    isMuted = muted;
  };
  return { stream, mute };
}
