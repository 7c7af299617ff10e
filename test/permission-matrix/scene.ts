import { MessageFlags } from "discord-api-types/v10";
import { openEmailDeps } from "../mail-desk.ts";
import { sendMail } from "../send-mail.ts";
import { tellDue } from "../../src/mail/tell-alerts.ts";
import { mailTools } from "../../src/tools/mail/all.ts";
import { expect } from "vitest";
import { z } from "zod";
import { createTurnRunner } from "../../src/agent/turn-runner.ts";
import { runSchedules } from "../../src/agent/run-schedules.ts";
import { remindDue } from "../../src/agent/remind.ts";
import { channelTools } from "../../src/app/more-tools.ts";
import { systemClock } from "../../src/core/clock.ts";
import { noFault } from "../../src/core/fault.ts";
import { silentLog } from "../../src/core/log.ts";
import type { Reach } from "../../src/core/memory.ts";
import type { ModelRequest } from "../../src/core/model.ts";
import { defineTool } from "../../src/core/tool.ts";
import type { DiscordOptions } from "../../src/discord/index.ts";
import { loadCalendar } from "../../src/lib/calendar.ts";
import { createRecall } from "../../src/memory/recall.ts";
import { memoryTools } from "../../src/tools/memory/all.ts";
import { startFakeDiscord, type Actor, type Message, type Place } from "../fake-discord/index.ts";
import { contextOf } from "../menu-context.ts";
import { beginDiscord, commandsAreThere } from "../open-discord.ts";
import { openEmbeddedStore } from "../open-test-store.ts";
import { FACT } from "../scope-catalogue.ts";
import { call, say, scriptedModel, type ScriptLine } from "../scripted-model.ts";
import { turnDeps } from "../turn-deps.ts";
import { openBelongings } from "./belongings.ts";
import { plugInDesk } from "./plug-in-desk.ts";
import type { House } from "./row.ts";

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** An answer that has come is whole: this is for an edit that should not have been made. */
const SETTLED_MS = 5;

/** `DO tool {"its": "input"}` in a question is what the model does; then it says what the tool gave. */
const ORDER = /DO (\w+) (\{.*?\})/g;

/** The real front door, store, memory and turns before one Discord, for all rows of the matrix. */
export async function openScene() {
  await using opening = new AsyncDisposableStack();
  const discord = opening.use(await startFakeDiscord());
  const { guild, ana, ben, general } = discord;
  const adminRole = guild.role("Clara-Admin");
  const keepers = guild.role("Keepers", { permissions: ["ManageChannels", "ManageMessages"] });
  const bosses = guild.role("Bosses", { permissions: ["ManageGuild"] });
  const talkers = guild.role("Talkers");
  const mod = guild.member("mod", { roles: [keepers] });
  const boss = guild.member("boss", { roles: [bosses] });
  const operator = guild.member("owner-of-home");
  const other = discord.server("Other");
  for (const name of ["ana", "ben", "boss"]) other.member(name);
  const away = discord.server("Away");
  away.member("ana", { roles: [away.role("Bosses", { permissions: ["ManageGuild"] })] });
  const foreign = away.channel("foreign");
  away.kick(discord.bot);
  const group = discord.group("friends", [ana, ben]);
  const hidden = guild.channel("hidden");
  hidden.deny(guild.everyone, "ViewChannel");
  hidden.allow(ana, "ViewChannel");
  hidden.allow(discord.bot, "ViewChannel");
  const store = opening.use(await openEmbeddedStore());
  const belongings = opening.use(await openBelongings(store));
  const { google, files, bytes, graceIsOver } = belongings;
  const { memories, transcript } = store;
  const recall = createRecall({
    source: store.recall,
    embedder: null,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 60_000,
  });
  const seen: ModelRequest[] = [];
  const did: string[] = [];
  const mailed: string[] = [];
  const model = scriptedModel((request) => answerTo(seen, request));

  let close = async (): Promise<void> => {};
  let now = "";
  let clara: ReturnType<typeof beginDiscord> | null = null;
  const front = () => {
    if (!clara) throw new Error("No door is open");
    return clara.clara;
  };

  /** Opens the house with these rules, unless it is open with them already. */
  async function withRules(rules: Partial<DiscordOptions>): Promise<void> {
    const key = JSON.stringify(rules, (_, value: unknown) =>
      value instanceof Set ? [...value] : value,
    );
    if (key === now) return;
    await close();
    const open = beginDiscord(
      discord,
      { adminRoleId: adminRole.id, refusalsWithinMs: 1, ...rules },
      store,
      { google: google.connection, email: openEmailDeps(store), mcp: plugInDesk(store) },
    );
    clara = open;
    const { access, posts, outlet } = open.clara;
    const tools = [
      ...memoryTools({ memories, recall, transcript, audit: store.audit, clock: systemClock }),
      ...channelTools(store, { access, posts }),
      whoAmI(did),
      sendMail(mailed),
      ...mailTools({ ...openEmailDeps(store) }),
    ];
    const deps = { ...turnDeps({ store, outlet, model, tools }), recall };
    const stopping = new AbortController();
    const running = createTurnRunner(deps, { graceMs: 0 }).run(stopping.signal);
    close = async () => {
      stopping.abort();
      await Promise.all([running, open.stop()]);
      now = "";
    };
    await discord.botIsOnline();
    await expect.poll(() => open.clara.state()).toBe("ready");
    await commandsAreThere(discord);
    now = key;
  }
  opening.defer(() => close());
  const blocked = guild.member("blocked");
  const listed = {
    allowedChannels: new Set([general.id]),
    allowedRoles: new Set([talkers.id]),
    blockedUsers: new Set([blocked.id]),
  };
  const isUnder = (house: House) => withRules(house === "open" ? {} : listed);

  /** Asks and waits for the whole answer; `told` is everything that the model was given for it. */
  async function asks(who: Actor, text: string, where: Place = general, more = {}) {
    const from = seen.length;
    const isPrivate = where.channel.guildId === null;
    const message = await who.says(isPrivate ? text : `@Clara ${text}`, { in: where, ...more });
    const until = ({ buttons }: Message) => !buttons.some(({ label }) => label === "Stop");
    const { content } = await where.reply(message, { until, stableMs: SETTLED_MS });
    return { said: content, told: JSON.stringify(seen.slice(from)), message };
  }

  /** Says something that the gate refuses; gives its reason. Nothing was asked of a model, and nothing answered. */
  async function saysInVain(message: Message, where: Place = general) {
    const from = seen.length;
    let reason: unknown;
    await expect
      .poll(
        async () => {
          const [row] = await store.query(
            "select reason from gate_decisions where message_id = $1",
            [`discord:${message.id}`],
          );
          return (reason = row?.["reason"]);
        },
        { timeout: 15_000 },
      )
      .toBeDefined();
    const turns = await store.query("select 1 from turns where trigger_id = $1", [
      `discord:${message.id}`,
    ]);
    expect(turns).toEqual([]);
    expect(seen.length).toBe(from);
    expect(where.fromBot(message)).toEqual([]);
    return reason;
  }

  /** What a command, menu or press shows; never for anybody else to read. */
  async function runs(who: Actor, line: string, where: Place = general): Promise<Message> {
    const handle = await who.runs(line, { in: where });
    const shown = await handle.response({ stableMs: SETTLED_MS });
    expect(shown.flags & MessageFlags.Ephemeral).not.toBe(0);
    expect(shown.onlyFor).toBe(who.id);
    return shown;
  }

  async function presses(who: Actor, shown: Message, button: string): Promise<string> {
    const handle = await who.clicks(shown, button);
    const { kind } = await handle.acknowledged();
    return whispered(kind === "message" ? await handle.response() : await handle.followup());
  }

  const scopeOf = (who: Actor, where: Place) => contextOf(discord, who, where).scope;

  /** A fact of somebody with a word of its own in it. */
  async function learns(who: Actor, where: Place, text: string, reach?: Reach): Promise<string> {
    const scope = scopeOf(who, where);
    const [learned] = await memories.learn(scope, [{ ...FACT, text }]);
    if (!learned || learned.kind === "refused") throw new Error("That fact was not kept");
    if (reach) await memories.change(scope, learned.id, { reach });
    return learned.id;
  }

  const clockwork = () => ({
    announcers: new Map([["discord" as const, front().announcer]]),
    clock: systemClock,
    fault: noFault,
    log: silentLog,
    calendar: loadCalendar,
  });
  const { signal } = new AbortController();
  /** Does what is due now: scheduled prompts first, then what is told in private about them. */
  async function tick(): Promise<void> {
    const { access } = front();
    const queue = store.scheduleQueue;
    await runSchedules({ ...clockwork(), queue, inbox: store.inbox, access }, 8, signal);
    await remindDue({ ...clockwork(), queue: store.reminderQueue }, 8, signal);
  }

  /** Tells what is due of mail. */
  const tellMail = () =>
    tellDue(
      {
        queue: store.mailAlerts,
        announcer: front().announcer,
        summarise: async () => null,
        clock: systemClock,
        fault: noFault,
        log: silentLog,
      },
      8,
      signal,
    );

  const all = opening.move();
  return {
    discord,
    store,
    guild,
    general,
    other,
    foreign,
    group,
    hidden,
    people: { ana, ben, mod, boss, operator },
    roles: { adminRole, keepers, bosses, talkers },
    seen,
    did,
    mailed,
    google,
    files,
    bytes,
    graceIsOver,
    isUnder,
    asks,
    saysInVain,
    runs,
    presses,
    scopeOf,
    learns,
    tick,
    tellMail,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const whispered = ({ content, flags }: Message): string => {
  expect(flags & MessageFlags.Ephemeral).not.toBe(0);
  return content;
};

function answerTo(seen: ModelRequest[], request: ModelRequest): ScriptLine {
  seen.push({ ...request, messages: [...request.messages] });
  const last = request.messages.at(-1);
  if (last?.role === "tool") return say(last.answers.map(({ text }) => text).join(" "));
  const asked = last?.role === "user" ? JSON.parse(JSON.stringify(last.content)) : [];
  const words = (asked as readonly { text?: string }[]).map(({ text = "" }) => text).join("\n");
  const [, name, input = "{}"] = [...words.matchAll(ORDER)].at(-1) ?? [];
  return name === undefined ? say("Said.") : call([name, JSON.parse(input)]);
}

/** Keeps by whom it was called, and with what. */
const whoAmI = (did: string[]) =>
  defineTool({
    name: "who_am_i",
    description: "Says who asks.",
    label: "Looking",
    effect: "read",
    timeoutMs: 5_000,
    input: z.object({ mark: z.string() }),
    async run({ mark }, { scope }) {
      did.push(`${mark} ${scope.principal.userId}`);
      return { text: `${mark} is ${scope.principal.userId}` };
    },
  });
