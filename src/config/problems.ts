/** What is wrong with one variable. `says` finishes the sentence that begins with its name, and says what to do. */
export interface Problem {
  readonly name: string;
  readonly says: string;
}

/** Everything that is wrong with the environment, at once. Holds no value of a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      [
        "These settings need a look (docs/CONFIGURATION.md explains each):",
        ...problems.map(({ name, says }) => `  ${name} ${says}.`),
      ].join("\n"),
    );
    this.problems = problems;
  }
}

export interface ProblemList {
  /** Keeps the first problem of a name: a later one would only be its consequence. */
  readonly add: (name: string, says: string) => void;
  readonly all: () => readonly Problem[];
}

export function createProblemList(): ProblemList {
  const found = new Map<string, Problem>();
  return {
    add: (name, says) => {
      if (!found.has(name)) found.set(name, { name, says });
    },
    all: () => [...found.values()],
  };
}
