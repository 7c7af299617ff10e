import type { ModelRequest } from "../core/model.ts";
import { estimateTokens } from "../lib/tokens.ts";

/** The prices of a dear model. */
const CAUTIOUS_USD_PER_INPUT_TOKEN = 0.000_005;
const CAUTIOUS_USD_PER_OUTPUT_TOKEN = 0.000_025;

export const estimateInput = ({ system, messages }: ModelRequest): number =>
  estimateTokens(JSON.stringify([system, messages]));

/** A cautious guess of what a call costs, where nobody says: before it, and when it did not come to its end. */
export const estimateUsd = (tokens: { readonly input: number; readonly output: number }): number =>
  tokens.input * CAUTIOUS_USD_PER_INPUT_TOKEN + tokens.output * CAUTIOUS_USD_PER_OUTPUT_TOKEN;
