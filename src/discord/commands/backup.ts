import { ApplicationCommandOptionType } from "discord-api-types/v10";
import type { Backups, BackupState, BackupSummary } from "../../core/backup.ts";
import { asError } from "../../lib/as-error.ts";
import { pause } from "../../lib/pause.ts";
import {
  defineCommand,
  defineGroup,
  type CommandContext,
  type CommandGroup,
} from "./define-command.ts";

interface Deps {
  readonly backups: Backups;
  /** How long `/backup now` waits for the end. */
  readonly patienceMs?: number;
}

/** A copy that takes longer goes on by itself, and is seen in `/backup status`. */
const PATIENCE_MS = 60_000;
const LISTED = 10;
const MAX_LISTED = 50;

export const OPERATORS_ONLY =
  "Copies hold what everybody here ever said to me: only whoever runs me may make or see them.";

/** `/backup`: copies of everything, for the operator. */
export const backupGroup = (deps: Deps): CommandGroup =>
  defineGroup({
    name: "backup",
    description: "Copies of everything I know, for whoever runs me",
    memberPermissions: 0n,
    commands: [now(deps), status(deps), list(deps)],
  });

type Run = (input: Readonly<Record<string, string>>) => Promise<string>;

const forOperators =
  (run: Run) =>
  async (input: Readonly<Record<string, string>>, { isOperator }: CommandContext) =>
    isOperator ? run(input) : OPERATORS_ONLY;

const now = ({ backups, patienceMs = PATIENCE_MS }: Deps) =>
  defineCommand({
    name: "now",
    description: "Make a copy now",
    options: [],
    run: forOperators(async () => {
      // Its end is not the command's: Discord forgets the command after a quarter of an hour.
      const made = backups.make("asked", new AbortController().signal).then(
        (summary) => `✅ A copy was made and read back.\n${line(summary)}`,
        (error: unknown) => `❌ No copy was made: ${asError(error).message}`,
      );
      const over = new AbortController();
      const late = pause(patienceMs, over.signal).then(
        () => "⏳ It is taking longer. `/backup status` tells how it went.",
      );
      const answer = await Promise.race([made, late]);
      over.abort();
      return answer;
    }),
  });

const status = ({ backups }: Deps) =>
  defineCommand({
    name: "status",
    description: "The newest copy, when the next one is made, and whether one failed",
    options: [],
    run: forOperators(async () => {
      const [newest] = await backups.list(1);
      const state = backups.state();
      return [
        newest
          ? `The newest copy:\n${line(newest)}`
          : "There is no copy yet: `/backup now` makes one.",
        nextWords(state),
        ...troubleWords(state),
      ].join("\n");
    }),
  });

const list = ({ backups }: Deps) =>
  defineCommand({
    name: "list",
    description: "The copies that there are",
    options: [
      {
        type: ApplicationCommandOptionType.Integer,
        name: "limit",
        description: `How many, newest first; ${LISTED} when left out`,
        required: false,
        min_value: 1,
        max_value: MAX_LISTED,
      },
    ],
    run: forOperators(async ({ limit }) => {
      const found = await backups.list(Number(limit ?? LISTED));
      if (found.length === 0) return "There is no copy yet: `/backup now` makes one.";
      return [
        ...found.map(line),
        "-# `clara restore NAME` brings one back, into an empty database.",
      ].join("\n");
    }),
  });

const WHY: Readonly<Record<BackupSummary["why"], string>> = {
  asked: "asked for",
  scheduled: "by the clock",
  upgrade: "before an upgrade",
  move: "for a move",
};

const line = ({ id, madeAt, why, rows, files, sizeBytes, hasSecrets }: BackupSummary): string =>
  `- \`${id}\` <t:${Math.floor(madeAt.getTime() / 1_000)}:R>, ${WHY[why]}: ${rows} rows, ${files} files, ${sizeWords(sizeBytes)}${hasSecrets ? ", with sealed secrets" : ""}`;

const sizeWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const nextWords = ({ nextAt, where, keptDays }: BackupState): string =>
  nextAt === null
    ? `None is made by itself: BACKUP_CRON_SCHEDULE is off. They lie in ${where}.`
    : `The next one is due <t:${Math.floor(nextAt.getTime() / 1_000)}:R>. They lie in ${where}, and are kept for ${keptDays} days.`;

function troubleWords({ isRunning, lastTry }: BackupState): readonly string[] {
  if (isRunning) return ["⏳ One is being made."];
  return lastTry?.problem == null
    ? []
    : [
        `❌ The last try, <t:${Math.floor(lastTry.at.getTime() / 1_000)}:R>, failed: ${lastTry.problem}`,
      ];
}
