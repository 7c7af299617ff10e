import type { StepStore } from "../src/core/stores.ts";
import type { Step, StepCost } from "../src/core/turn.ts";

export interface MemorySteps extends StepStore {
  readonly rows: Map<number, Step>;
  readonly costs: StepCost[];
}

/** The steps of one turn in memory, for tests of what is built on the port. The real one is in src/store. */
export function createMemorySteps(earlier: readonly Step[] = []): MemorySteps {
  const rows = new Map(earlier.map((step) => [step.seq, step]));
  const costs: StepCost[] = [];
  return {
    rows,
    costs,
    async begin(_lease, steps) {
      for (const step of steps) rows.set(step.seq, { ...step, result: null });
    },
    async end(_lease, seq, result, cost) {
      const step = rows.get(seq);
      if (!step) throw new Error(`Step ${seq} ended before it began`);
      rows.set(seq, { ...step, result });
      if (cost) costs.push(cost);
    },
  };
}
