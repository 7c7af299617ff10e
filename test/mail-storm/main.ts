/**
 * The long run: `npm run mail-storm`, with DATABASE_URL for a PostgreSQL database of its own, which is written to.
 * --mails 5000 --drops 200 --renumberings 10 --expunges 100 --kills 200 --seed 1
 */
import { parseArgs } from "node:util";
import { storm } from "./storm.ts";

const text = (value: number) => ({ type: "string", default: String(value) }) as const;
const { values } = parseArgs({
  options: {
    mails: text(5_000),
    drops: text(200),
    renumberings: text(10),
    expunges: text(100),
    kills: text(200),
    seed: text(1),
  },
});
const url = process.env["DATABASE_URL"];
if (url === undefined) throw new Error("DATABASE_URL is not set: the storm wants a database");
const wanted = {
  mails: Number(values.mails),
  drops: Number(values.drops),
  renumberings: Number(values.renumberings),
  expunges: Number(values.expunges),
  kills: Number(values.kills),
  seed: Number(values.seed),
};
const outcome = await storm(url, wanted, (line) => console.log(line));
console.log(JSON.stringify({ wanted, ...outcome }, null, 2));
const isWhole = [outcome.missed, outcome.doubled, outcome.toldWrong].every(
  (each) => each.length === 0,
);
console.log(isWhole ? "0 missed, 0 doubled" : "FAILED");
process.exitCode = isWhole ? 0 : 1;
