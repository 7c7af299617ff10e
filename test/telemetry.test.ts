import { expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { start } from "../src/cli/start.ts";
import { ENTRY_LEVELS } from "../src/core/log-entries.ts";
import { EXIT } from "../src/lib/exit-codes.ts";
import { emptyFolder } from "./data-folder.ts";
import { startFakeDiscord } from "./fake-discord/index.ts";
import { fakeMachine } from "./fake-machine.ts";
import { createTestDatabase, describeServer, openStoreAt } from "./open-test-store.ts";

describeServer("the whole program", () => {
  test("can be seen: figures while it runs, its troubles in a channel, its log in the store", async () => {
    await using folder = await emptyFolder();
    await using database = await createTestDatabase();
    await using discord = await startFakeDiscord();
    const troubles = discord.guild.channel("troubles");
    const machine = fakeMachine({
      ...discord.env,
      LLM_PROVIDER: "demo",
      CLARA_DATA_DIR: folder.dataDir,
      DATABASE_URL: database.href,
      PORT: "0",
      DISCORD_LOG_CHANNEL_ID: troubles.id,
    });
    const running = start({ createApp, machine }, "start");
    await Promise.race([discord.botIsOnline({ timeoutMs: 60_000 }), running]);
    const port = /"port":(\d+),"msg":"web-listening"/.exec(machine.said())?.[1];
    const look = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

    const question = await discord.ana.dm("Hello, Clara");
    await expect
      .poll(() => look("/metrics"))
      .toContain('clara_turns_total{outcome="answered"} 1\n');
    const figures = await look("/metrics");
    const health = JSON.parse(await look("/health")) as object;
    machine.process.emit("SIGTERM");

    expect(await running).toBe(EXIT.ok);
    expect(figures).toMatch(
      /clara_model_calls_total\{provider="demo",model="[^"]+",outcome="ok"\} 1\n/,
    );
    expect(figures).toContain("clara_outbox_pending 0\n");
    expect(figures).not.toContain(discord.ana.id);
    expect(health).toMatchObject({ status: "ok" });
    expect(troubles.fromBot().map(({ content }) => content)).toEqual([
      expect.stringContaining("WARNING house no-budget-set"),
    ]);
    await using store = await openStoreAt(database.href);
    const all = { words: null, room: null, levels: ENTRY_LEVELS, withinHours: null, limit: 50 };
    const kept = await store.logEntries.find(all);
    const events = kept.map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(["no-budget-set", "turn-end"]));
    expect(events).not.toContain("web-listening");
    expect(JSON.stringify(kept)).toContain(question.id);
    expect(JSON.stringify(kept)).not.toContain("Hello");
  });
});
