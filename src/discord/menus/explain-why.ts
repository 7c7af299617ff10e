import { defineMenu } from "../commands/define-menu.ts";
import { snowflakeOf, toUserId } from "../snowflake.ts";
import { explainAnswer, type ExplainDeps } from "./explain-answer.ts";
import { explainSilence, type SilentDeps } from "./explain-silence.ts";

/**
 * On an answer: how it came about. On somebody's message: why it got none, or where the answer is. One entry for both,
 * since Discord gives room for five.
 */
export const explainWhy = (deps: ExplainDeps & SilentDeps) =>
  defineMenu({
    on: "message",
    name: "Explain why",
    async run(target, context) {
      const isMine = snowflakeOf(toUserId(target.authorId)) === deps.selfId();
      const explain = isMine ? explainAnswer : explainSilence;
      return { kind: "whisper", reply: await explain(deps, target, context) };
    },
  });
