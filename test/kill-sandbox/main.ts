/**
 * The long run: `npm run kill:sandbox -- --times 100`. She is killed as often while code runs; each question has to have
 * one answer, which says so, and no container may be left. Wants what scripts/services.sh exports.
 */
import { parseArgs } from "node:util";
import { dieWhileCodeRuns } from "../kill/sandbox-lives.ts";

const { values } = parseArgs({ options: { times: { type: "string", default: "100" } } });
const times = Number(values.times);
const lives = await dieWhileCodeRuns(times, ({ answers, left }, index) => {
  console.log(`${index + 1}: ${answers.length} answers, ${left} containers left`);
});
const good = lives.filter(
  ({ answers, left }) => left === 0 && answers.length === 1 && answers[0]?.includes("Interrupted"),
);
console.log(`${good.length} passed, ${times - good.length} failed`);
process.exitCode = good.length === times ? 0 : 1;
