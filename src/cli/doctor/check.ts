import { asError } from "../../lib/as-error.ts";

/** off: not there, and not needed. warning: works, and somebody should know. broken: Clara will not work with it. */
export type Verdict = "ok" | "warning" | "broken" | "off";

export interface Finding {
  readonly verdict: Verdict;
  readonly says: string;
  /** What to do, a line each; empty when there is nothing to do. */
  readonly advice: readonly string[];
}

/** Looks at one thing. Whatever it throws counts as broken. */
export interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<Finding>;
}

export interface Diagnosis extends Finding {
  readonly name: string;
}

export const ok = (says: string): Finding => ({ verdict: "ok", says, advice: [] });
export const off = (says: string): Finding => ({ verdict: "off", says, advice: [] });
export const warning = (says: string, ...advice: readonly string[]): Finding => ({
  verdict: "warning",
  says,
  advice,
});
export const broken = (says: string, ...advice: readonly string[]): Finding => ({
  verdict: "broken",
  says,
  advice,
});

/** All checks side by side, in the order in which they were given. One that takes longer than `timeoutMs` is broken. */
export const runChecks = (
  checks: readonly Check[],
  timeoutMs: number,
): Promise<readonly Diagnosis[]> => Promise.all(checks.map((check) => runCheck(check, timeoutMs)));

async function runCheck({ name, run }: Check, timeoutMs: number): Promise<Diagnosis> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const late = new Promise<Finding>((resolve) => {
    timeout.addEventListener("abort", () =>
      resolve(
        broken(
          `gave no answer within ${timeoutMs / 1_000} s`,
          "Try again; if it stays so, look at the network.",
        ),
      ),
    );
  });
  const finding = Promise.try(() => run(timeout)).catch((error: unknown) =>
    timeout.aborted ? late : broken(reasonOf(error)),
  );
  return { name, ...(await Promise.race([finding, late])) };
}

/** fetch says "fetch failed" and keeps the reason in the cause; a refused connection comes as several errors. */
function reasonOf(thrown: unknown): string {
  const error = asError(thrown);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
