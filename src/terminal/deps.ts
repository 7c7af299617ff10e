import type { Readable } from "node:stream";
import type { TerminalAnnouncements } from "./announcements.ts";
import type { AskDeps } from "./ask.ts";
import type { ReadTier } from "./read-question.ts";
import type { TerminalOutput } from "./screen.ts";

export interface TerminalDeps extends AskDeps {
  readonly readTier: ReadTier;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: TerminalOutput;
  /** Left out: nothing is said by the clock. */
  readonly announcements?: Pick<TerminalAnnouncements, "listen">;
}
