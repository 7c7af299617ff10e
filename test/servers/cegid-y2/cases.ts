import { documentCases } from "./document-cases.ts";
import { goodsCases } from "./goods-cases.ts";
import { peopleCases } from "./people-cases.ts";
import type { Case } from "./data.ts";
import { ACCOUNT, type CegidTalk } from "./open.ts";

export const CASES: readonly Case[] = [...documentCases, ...peopleCases, ...goodsCases];

/** Plays all cases in order; gives what went wrong, by tool, and the tools that were called. */
export async function play(
  talk: Pick<CegidTalk, "call" | "emulator">,
): Promise<{ readonly called: readonly string[]; readonly wrong: readonly string[] }> {
  const books = talk.emulator.books(ACCOUNT.folder);
  const wrong: string[] = [];
  const called = new Set<string>();
  for (const { tool, args, check } of CASES)
    try {
      called.add(tool);
      check(await talk.call(tool, args(books)), books);
    } catch (error) {
      wrong.push(`${tool}: ${error instanceof Error ? error.message : String(error)}`);
    }
  return { called: [...called].toSorted(), wrong };
}
