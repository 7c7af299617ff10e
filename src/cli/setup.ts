import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { createAsk } from "./setup/ask.ts";
import { readEnvFile, writeEnvFile } from "./setup/env-file.ts";
import {
  chooseBudget,
  chooseDiscord,
  chooseModel,
  type Answers,
  type StepDeps,
} from "./setup/steps.ts";

export interface SetupDeps extends Omit<StepDeps, "ask"> {
  /** Where the settings are written. */
  readonly envFile: string;
}

/** `clara setup`: from nothing to an answer, in questions. Everything is tried first, and written at the end, or not at all. */
export async function setup(deps: SetupDeps): Promise<ExitCode> {
  const { machine, envFile } = deps;
  const { output } = machine;
  using asking = createAsk(machine);
  output.write("Clara, from nothing to an answer. Whatever you leave out can be set later.\n\n");
  const values: Record<string, string> = {};
  for (const step of [chooseModel, chooseDiscord, chooseBudget]) {
    const answers: Answers = await step({ ...deps, ask: asking.ask });
    if (answers.kind === "left") {
      output.write("\nNothing was written.\n");
      return EXIT.failed;
    }
    Object.assign(values, answers.values);
  }
  const names = Object.keys(values);
  if (names.length === 0) {
    output.write("\nNothing is to be written: `clara start` runs her with the demo model.\n");
    return EXIT.ok;
  }
  const there = await readEnvFile(envFile);
  const replaced = names.filter((name) => there.has(name));
  if (replaced.length > 0) {
    const sure = await asking.ask(
      `\n${envFile} has ${replaced.join(", ")} already. Replace? (y/N) `,
    );
    if (!/^y(es)?$/i.test(sure ?? "")) {
      output.write("Nothing was written.\n");
      return EXIT.failed;
    }
  }
  await writeEnvFile(envFile, values);
  output.write(
    `\nWritten to ${envFile}, which only you may read: ${names.join(", ")}.\nNow start her: clara start (here: npm start). \`clara doctor\` says what is still missing.\n`,
  );
  return EXIT.ok;
}
