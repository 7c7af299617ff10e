import { expect, onTestFinished, test } from "vitest";
import { type FakeDiscord, type Message, startFakeDiscord } from "../../test/fake-discord/index.ts";
import { goOnline, type OpenDiscord } from "../../test/open-discord.ts";
import {
  failing,
  say,
  scriptedModel,
  stopping,
  type ScriptLine,
} from "../../test/scripted-model.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import { turnId } from "../core/ids.ts";
import type { DiscordOptions } from "./index.ts";

/** Ana asked, and the script answers; `next()` runs the turn that waits. */
async function start(script: readonly ScriptLine[], change: Partial<DiscordOptions> = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const open = await goOnline(discord, change);
  const model = scriptedModel(script);
  const deps = turnDeps({ store: open.store, outlet: open.clara.outlet, model });
  const waiting = () =>
    open.store
      .query("select id from turns where state = 'queued' order by seq")
      .then((rows) => rows.map(({ id }) => String(id)));
  const next = async () => {
    await expect.poll(waiting).not.toEqual([]);
    const [id] = await waiting();
    await attempt({ store: open.store, deps }, turnId(String(id)));
  };
  const question = await discord.ana.says("@Clara why is the sky blue?");
  await next();
  return { discord, question, model, next, waiting, ...open };
}

const newest = (discord: FakeDiscord): Message => discord.general.fromBot().at(-1) as Message;
const labels = ({ buttons }: Message) => buttons.map(({ label }) => label);
const turns = ({ store }: Pick<OpenDiscord, "store">) =>
  store.query("select id from turns").then(({ length }) => length);

test("a finished answer offers Retry, Shorter and Deeper, and not what makes no sense", async () => {
  const { discord } = await start([say("Because of Rayleigh.")]);

  expect(labels(newest(discord))).toEqual(["Retry", "Shorter", "Deeper"]);
});

test("an answer that was cut short offers to continue", async () => {
  const { discord } = await start([stopping("max-tokens", "Because of Ray")]);

  expect(labels(newest(discord))).toEqual(["Continue", "Retry", "Shorter", "Deeper"]);
});

test("trouble that passes offers to try again, and nothing else", async () => {
  const { discord } = await start([failing("timeout")]);

  expect(labels(newest(discord))).toEqual(["Retry"]);
});

test("trouble that stays offers nothing", async () => {
  const { discord } = await start([failing("auth")]);

  expect(labels(newest(discord))).toEqual([]);
});

test("only the last message of a long answer carries buttons", async () => {
  const long = "All of it is a long story that is told in many words. ".repeat(60);
  const { discord } = await start([say(long, long)]);

  const shown = discord.general.fromBot().map(labels);

  expect(shown.length).toBeGreaterThan(1);
  expect(shown.slice(0, -1).flat()).toEqual([]);
  expect(shown.at(-1)).toEqual(["Retry", "Shorter", "Deeper"]);
});

test("the operator can do without the buttons", async () => {
  const { discord } = await start([say("Because.")], { answerButtons: false });

  expect(labels(newest(discord))).toEqual([]);
});

test("a click brings a second answer to the same question, and takes the buttons of the first away", async () => {
  const { discord, question, model, next, pokes } = await start([
    say("Because of Rayleigh."),
    say("Scattering."),
  ]);
  const first = newest(discord);

  await discord.ana.clicks(first, "Shorter");
  await next();

  const [old, short] = discord.general.fromBot();
  expect([old?.content, old && labels(old)]).toEqual(["Because of Rayleigh.", []]);
  expect([short?.content, short?.replyTo]).toEqual(["Scattering.", question.id]);
  expect(short && labels(short)).toEqual(["Retry", "Shorter", "Deeper"]);
  expect(pokes()).toBe(1);
  expect(JSON.stringify(model.requests[1]?.messages)).toMatch(/Because of Rayleigh.*much shorter/);
});

test("two clicks at once are one turn, and the second is told so alone", async () => {
  const { discord, waiting, ...open } = await start([say("Because of Rayleigh.")]);
  const first = newest(discord);

  const handles = await Promise.all([
    discord.ana.clicks(first, "Shorter"),
    discord.ana.clicks(first, "Deeper"),
  ]);

  await expect.poll(() => handles.flatMap(({ followups }) => followups)).toHaveLength(1);
  expect(handles.flatMap(({ followups }) => followups)[0]?.content).toMatch(/at that already/);
  expect([await waiting().then(({ length }) => length), await turns(open)]).toEqual([1, 2]);
});

test("a click of somebody else does nothing and leaves the buttons", async () => {
  const { discord, ...open } = await start([say("Because of Rayleigh.")]);

  const handle = await discord.ben.clicks(newest(discord), "Retry");
  await expect.poll(() => handle.followups).toHaveLength(1);

  expect(handle.followups[0]?.content).toMatch(/Only the one who asked/);
  expect([labels(newest(discord)).length, await turns(open)]).toEqual([3, 1]);
});

test("the buttons work after a restart", async () => {
  const { discord, store, stop } = await start([say("Because of Rayleigh.")]);
  await stop();
  await goOnline(discord, {}, store);

  await discord.ana.clicks(newest(discord), "Deeper");

  await expect.poll(() => turns({ store })).toBe(2);
  await expect.poll(() => labels(newest(discord))).toEqual([]);
});

test("an interrupted second answer is found again, and not taken for the first", async () => {
  const { discord, store, next, clara } = await start([
    say("Because of Rayleigh."),
    say("Scattering."),
  ]);
  await discord.ana.clicks(newest(discord), "Shorter");
  await expect.poll(() => turns({ store })).toBe(2);
  await next();
  const [old, short] = discord.general.fromBot();
  const [row] = await store.query(
    "select outbox.nonce, outbox.turn_id, turns.trigger_id from outbox join turns on turns.id = turn_id where trigger_id like 'discord:again:%'",
  );
  const part = {
    turnId: turnId(String(row?.["turn_id"])),
    part: 0,
    nonce: String(row?.["nonce"]),
    content: "Scattering.",
    file: null,
    replyTo: row?.["trigger_id"] as never,
    follows: null,
    running: false,
  };
  const place = { channelId: discord.general.id } as never;

  const found = await clara.outlet.find(place, part, [], new AbortController().signal);

  expect([found, found === old?.id]).toEqual([short?.id, false]);
});
