import type { Scene } from "./scene.ts";

/** Which rules the operator has set: none, or lists of channels and roles, and a person who is blocked. */
export type House = "open" | "listed";

interface Described {
  /** 1 to 60. */
  readonly number: number;
  /** A owns the data, B is another member, M keeps channels, G the server, O runs the bot, X is a stranger. */
  readonly actor: string;
  readonly place: string;
  readonly act: string;
  readonly expected: string;
}

/** A row that is played against the program, by every way that it has. */
export interface PlayedRow extends Described {
  readonly house: House;
  readonly play: (scene: Scene) => Promise<void>;
}

/** A row whose subject is not there yet. */
export interface WaitingRow extends Described {
  readonly waitsFor: string;
}

type Words = readonly [number: number, actor: string, place: string, act: string, expected: string];

const describe = ([number, actor, place, act, expected]: Words): Described => ({
  number,
  actor,
  place,
  act,
  expected,
});

export const played = (words: Words, play: PlayedRow["play"]): PlayedRow => ({
  ...describe(words),
  house: "open",
  play,
});

export const playedListed = (words: Words, play: PlayedRow["play"]): PlayedRow => ({
  ...played(words, play),
  house: "listed",
});

export const waiting = (words: Words, waitsFor: string): WaitingRow => ({
  ...describe(words),
  waitsFor,
});
