import type { NetFailure, NetProblem } from "../core/net.ts";

export const failure = (problem: NetProblem, says: string): NetFailure => ({
  kind: "failure",
  problem,
  says,
});

export const isFailure = (value: object): value is NetFailure =>
  "kind" in value && value.kind === "failure";
