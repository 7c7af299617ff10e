import { setTimeout as sleep } from "node:timers/promises";
import type { FaultPoint } from "../../src/core/fault.ts";
import { startProgram, type Program } from "./program.ts";
import type { KillStage } from "./stage.ts";

/** A program that has not come to its point by then does not come to it. */
const MAX_LIFE_MS = 40_000;
/** After the last life everything must be answered within this time. */
const MAX_SETTLING_MS = 60_000;
/** Fewer than a turn is tried (MAX_TURN_ATTEMPTS). */
const LIVES_IN_A_ROW = 8;
const LOOK_EVERY_MS = 100;
/** So many lines make a summary worth while. */
const CHATTER = 14;

export interface Life {
  readonly point: FaultPoint;
  /** The program dies as it passes the point for the n-th time. */
  readonly times: number;
}

export interface Report {
  /** Lives whose program did not die where it should. */
  readonly missed: readonly string[];
  /** What the judge found in the end. */
  readonly problems: readonly string[];
  readonly asked: number;
}

/**
 * One history with many deaths: each life is begun with a question that was asked while nobody was there, and killed at
 * its point while it answers others. In the end one program lives on until all is answered.
 */
export async function liveThrough(stage: KillStage, lives: readonly Life[]): Promise<Report> {
  await firstMeeting(stage);
  const missed: string[] = [];
  for (const [index, life] of lives.entries()) {
    const fate = await live(stage, life, index);
    if (fate !== null) missed.push(`${life.point}:${life.times}: ${fate}`);
    // No turn may be killed so often that it gives up: that is for turns which take the program with them.
    if ((index + 1) % LIVES_IN_A_ROW === 0) await rest(stage);
  }
  return { missed, problems: await rest(stage), asked: stage.askedSoFar() };
}

/** A life without a kill, until all is answered. What the judge finds then. */
async function rest(stage: KillStage): Promise<readonly string[]> {
  const program = startProgram(stage.env);
  const problems = await settled(stage, program);
  await end(program);
  return problems;
}

/** Every place is known afterwards, so that what is missed there later is answered. */
async function firstMeeting(stage: KillStage): Promise<void> {
  const program = startProgram(stage.env);
  await untilOnlineOrGone(stage, program);
  for (const [index, place] of placesOf(stage).entries()) await stage.ask(place, `hello-${index}`);
  const problems = await settled(stage, program);
  await end(program);
  if (problems.length > 0)
    throw new Error(`Not even without a kill: ${problems.join("; ")}\n${program.output()}`);
}

/** null when it died at its point; otherwise what happened instead. */
async function live(
  stage: KillStage,
  { point, times }: Life,
  index: number,
): Promise<string | null> {
  const [quiet, busy, dm] = placesFor(stage, index);
  await stage.ask(quiet, `l${index}-missed`);
  const program = startProgram({ ...stage.env, CLARA_FAULT: `${point}:${times}` });
  const provoking = provoke(stage, program, { quiet, busy, dm }, index);
  const exit = await Promise.race([program.exited, sleep(MAX_LIFE_MS, null, { ref: false })]);
  if (exit === null) program.kill("SIGKILL");
  await program.exited;
  await provoking;
  if (exit === null) return "never came there";
  return exit.signal === "SIGKILL"
    ? null
    : `left with ${exit.code}: ${program.output().slice(-600)}`;
}

type Places = Record<"quiet" | "busy" | "dm", ReturnType<typeof placesOf>[number]>;

/** Everything that can happen to a program, until it dies. */
async function provoke(
  stage: KillStage,
  program: Program,
  { quiet, busy, dm }: Places,
  index: number,
): Promise<void> {
  const { discord } = stage;
  const alive = () => !program.isGone();
  await untilOnlineOrGone(stage, program);
  for (let round = 0; alive() && round < 4; round++) {
    const name = `l${index}-r${round}`;
    await stage.ask(busy, `${name}-long`);
    await stage.ask(busy, `${name}-next`);
    await stage.ask(dm, `${name}-tool`);
    discord.gateway.drop();
    await stage.ask(quiet, `${name}-dropped`);
    if (await goneWithin(program, 3_000)) return;
    discord.gateway.invalidSession(false);
    await stage.ask(quiet, `${name}-invalid`);
    for (let line = 0; alive() && line < CHATTER; line++)
      await stage.tell(busy, `chatter ${index} ${round} ${line}`);
    if (await goneWithin(program, 5_000)) return;
  }
}

async function untilOnlineOrGone({ discord }: KillStage, program: Program): Promise<void> {
  const online = discord.botIsOnline({ timeoutMs: MAX_LIFE_MS }).catch(() => {});
  await Promise.race([online, program.exited]);
}

async function goneWithin(program: Program, ms: number): Promise<boolean> {
  await Promise.race([program.exited, sleep(ms, undefined, { ref: false })]);
  return program.isGone();
}

async function settled(stage: KillStage, program: Program): Promise<readonly string[]> {
  const endsAt = performance.now() + MAX_SETTLING_MS;
  let problems = stage.problems();
  while (
    (problems.length > 0 || stage.askedSoFar() === 0) &&
    performance.now() < endsAt &&
    !program.isGone()
  ) {
    await sleep(LOOK_EVERY_MS);
    problems = stage.problems();
  }
  // Nothing more may come either.
  await sleep(1_000);
  problems = stage.problems();
  return problems.length > 0
    ? [...problems, `The program said: ${program.output().slice(-2_000)}`]
    : [];
}

async function end(program: Program): Promise<void> {
  program.kill("SIGTERM");
  const exit = await Promise.race([program.exited, sleep(15_000, null, { ref: false })]);
  if (exit === null) program.kill("SIGKILL");
  if (exit?.code !== 0)
    throw new Error(`SIGTERM ended it with ${exit?.code ?? "nothing"}: ${program.output()}`);
}

const placesOf = ({ discord }: KillStage) => [
  ...["one", "two", "three", "four"].map((name) => discord.guild.channel(name)),
  discord.ana.dmPlace(),
];

function placesFor(stage: KillStage, index: number) {
  const [dm, ...channels] = placesOf(stage).toReversed();
  const at = (offset: number) => channels[(index * 2 + offset) % channels.length];
  const [quiet, busy] = [at(0), at(1)];
  if (!quiet || !busy || !dm) throw new Error("There are places enough");
  return [quiet, busy, dm] as const;
}
