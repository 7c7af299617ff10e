import { SCENES } from "./scenes/all.ts";
import { openStage } from "./stage.ts";
import { createTranscript } from "./transcript.ts";

const HEAD = `# A tour of Clara

A whole guided session, as Discord shows it. It is written by \`npm run tour\`, which starts the real program before a Discord and a model of its own; what the model says is made up, everything else is Clara. Times, ids, sizes and costs stand here as fixed ones. Buttons are in [brackets], selects in {braces}; olga owns the server and the bot, mia manages the server, ana and ben are members.
`;

/** Plays all scenes and gives docs/tour.md. Rejects with the scene that did not go as it should. */
export async function playTour(): Promise<string> {
  await using stage = await openStage();
  const transcript = createTranscript(stage.discord);
  for (const { title, about, play } of SCENES) {
    transcript.scene(title, about);
    try {
      await play(transcript, stage);
    } catch (error) {
      throw new Error(
        `"${title}": ${transcript.text().slice(-1_500)}\n${stage.output().slice(-1_500)}`,
        { cause: error },
      );
    }
  }
  return HEAD + transcript.text();
}
