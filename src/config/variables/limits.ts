import { dollars, wholeNumber } from "../parsers.ts";
import { optional, withDefault, type Variable } from "../variable.ts";

export const HOLDERS = ["PERSON", "CHANNEL", "GUILD", "TOTAL"] as const;
type Holder = (typeof HOLDERS)[number];

const WHO: Readonly<Record<Holder, string>> = {
  PERSON: "one person",
  CHANNEL: "one channel",
  GUILD: "one server",
  TOTAL: "everybody together",
};

type BudgetVariables = Readonly<
  Record<`CLARA_BUDGET_${Holder}_${"USD" | "TURNS"}`, Variable<number | null>>
>;

const budgets = Object.fromEntries(
  HOLDERS.flatMap((holder) => [
    [
      `CLARA_BUDGET_${holder}_USD`,
      optional(`US dollars that ${WHO[holder]} may spend a day`, dollars),
    ],
    [
      `CLARA_BUDGET_${holder}_TURNS`,
      optional(`Answers that ${WHO[holder]} may have a day`, wholeNumber(1, 1_000_000)),
    ],
  ]),
) as BudgetVariables;

export const limitVariables = {
  ...budgets,
  CLARA_TURN_MAX_USD: optional("US dollars that one answer may cost", dollars),
  CLARA_TURN_MAX_SECONDS: withDefault(
    "600",
    "How long she may work on one answer",
    wholeNumber(10, 86_400),
  ),
  CLARA_MAX_OUTPUT_TOKENS: withDefault(
    "8192",
    "Tokens of one answer, thinking included",
    wholeNumber(256, 128_000),
  ),
  CLARA_MAX_CONTEXT_TOKENS: withDefault(
    "100000",
    "Tokens that one call of a model may be given, even when its window is larger",
    wholeNumber(2_000, 2_000_000),
  ),
  GATEWAY_MAX_TOOL_ITERATIONS: withDefault(
    "75",
    "Calls of a model within one answer",
    wholeNumber(1, 200),
  ),
  DISCORD_MAX_TOOL_RESULT_CHARS: {
    ...withDefault(
      "50000",
      "Characters of one tool's result; the rest is cut, with a hint",
      wholeNumber(500, 1_000_000),
    ),
    oldName: "GATEWAY_MAX_TOOL_RESULT_CHARS",
  },
};
