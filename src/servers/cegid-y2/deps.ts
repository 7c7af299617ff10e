import type { Clock } from "../kit/clock.ts";
import { Failure } from "../kit/failure.ts";
import type { Y2, Y2Rest } from "./api/y2.ts";

/** What the tools of this server are made of. */
export interface CegidDeps {
  readonly y2: Y2;
  readonly rest: Y2Rest;
  readonly clock: Clock;
  readonly zone: string;
  readonly createId: () => string;
  readonly defaultStoreId: string | null;
  readonly allowsWrites: boolean;
}

/** First line of every tool that changes something. */
export function refuseWrites({ allowsWrites }: Pick<CegidDeps, "allowsWrites">): void {
  if (!allowsWrites)
    throw new Failure("WRITES_DISABLED", "This server may only read.", {
      hint: "Whoever runs it allows changes with CEGID_Y2_ALLOW_WRITES=true. Trying again will not help.",
    });
}

/** Several things are missing: they are told together. */
export function refuseMissing(missing: Readonly<Record<string, string>>, what: string): void {
  const names = Object.keys(missing);
  if (names.length > 0)
    throw new Failure("MISSING_REQUIRED_FIELDS", `${what} wants more: ${names.join(", ")}.`, {
      hint: "Ask the person for what you do not know, and call again with all of it.",
      details: { missing },
    });
}
