import type { Stage } from "./stage.ts";
import type { Transcript } from "./transcript.ts";

export interface Scene {
  readonly title: string;
  /** One sentence: what happens in it. */
  readonly about: string;
  readonly play: (transcript: Transcript, stage: Stage) => Promise<void>;
}
