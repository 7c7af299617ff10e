import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { parseEnv } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { fakeMachine } from "../../test/fake-machine.ts";
import { startMockModel } from "../../test/mock-model.ts";
import { loadConfig } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { EXIT } from "../lib/exit-codes.ts";
import { sleep } from "../llm/sleep.ts";
import { setup } from "./setup.ts";

const OWN_SERVER = "4";

/** A person who types these lines and leaves. */
async function answering(
  typed: readonly string[],
  { env = {}, file = null }: { env?: Record<string, string>; file?: string | null } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "clara-setup-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const envFile = join(folder, ".env");
  if (file !== null) await writeFile(envFile, file);
  const machine = fakeMachine(env);
  assert(machine.input instanceof PassThrough);
  machine.input.end(typed.map((line) => `${line}\n`).join(""));
  const code = await setup({
    machine,
    envFile,
    clock: systemClock,
    random: () => 0,
    createId: () => "id",
    sleep,
    fetch,
  });
  const text = await readFile(envFile, "utf8").catch(() => null);
  const mode = text === null ? null : (await stat(envFile)).mode & 0o777;
  return { code, text, mode, said: machine.said() };
}

test("from nothing to settings that work: a model and a bot that were tried, and a limit", async () => {
  await using model = await startMockModel();
  await using discord = await startFakeDiscord();
  const typed = [OWN_SERVER, model.baseUrl, "tiny", "any", discord.token, "2.50"];
  const env = { DISCORD_API_BASE: discord.apiBase };

  const { code, text, mode, said } = await answering(typed, { env });

  expect(code).toBe(EXIT.ok);
  expect(said).toContain("tiny answered in");
  expect(said).toContain("she is in 1");
  expect(mode).toBe(0o600);
  const config = loadConfig(parseEnv(text ?? ""));
  expect(config.models.providers).toMatchObject([{ kind: "openai-compatible" }]);
  expect(config.discord).not.toBeNull();
  expect(config.budgets.limits).toHaveLength(1);
  expect(said).not.toContain(discord.token);
});

test("a key that does not work is asked for again, and left out in the end", async () => {
  const away = "http://127.0.0.1:1/v1";
  const typed = [OWN_SERVER, away, "tiny", "wrong-key-1", "wrong-key-2", "two words", "", ""];

  const { code, text, said } = await answering(typed);

  expect(code).toBe(EXIT.ok);
  expect(text).toBeNull();
  expect(said).toContain("That does not look like one");
  expect(said).toContain("It is left out for now");
  expect(said).toContain("runs her with the demo model");
  expect(said).not.toContain("wrong-key");
});

test("who leaves in the middle has written nothing", async () => {
  const { code, text, said } = await answering([""]);

  expect(code).toBe(EXIT.failed);
  expect(text).toBeNull();
  expect(said).toContain("Nothing was written.");
});

test("what is no choice and no amount is asked for again", async () => {
  const { code, text, said } = await answering(["9", "", "", "much", "$3"]);

  expect(code).toBe(EXIT.ok);
  expect(text).toBe("CLARA_BUDGET_TOTAL_USD=3\n");
  expect(said).toContain("That is none of them.");
  expect(said).toContain("That is no amount");
});

test("what stands in the file stays, and is replaced only by who says yes", async () => {
  const file = "# mine\nBOT_NAME=Ada\nCLARA_BUDGET_TOTAL_USD=9";

  const no = await answering(["", "", "3", ""], { file });
  const yes = await answering(["", "", "3", "y"], { file });

  expect(no).toMatchObject({ code: EXIT.failed, text: file });
  expect(yes).toMatchObject({
    code: EXIT.ok,
    text: "# mine\nBOT_NAME=Ada\nCLARA_BUDGET_TOTAL_USD=3",
  });
});
