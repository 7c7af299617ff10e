import { globSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { loadConfig } from "../src/config.ts";
import { silentLog } from "../src/core/log.ts";
import { createLogTap } from "../src/telemetry/log-tap.ts";
import { usedFolder } from "./data-folder.ts";

/** A file that defines a tool, save the one that only says how. */
const DEFINES = /\bdefine\w*Tool\b/;
const APART = [
  "src/tools/google/define.ts",
  "src/tools/mail/define.ts",
  // Offered to each person by a source of tools, not to all.
  "src/tools/skills/own-skills.ts",
];
/** Tools have names of small letters; what else has a name besides them has one word and stands in other files. */
const NAME = /^\s+name: "([a-z]+(?:_[a-z]+)*)",$/gm;

const files = globSync("src/{tools,mcp/tools}/**/*.ts")
  .filter((path) => !path.endsWith(".test.ts") && !APART.includes(path))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }))
  .filter(({ text }) => DEFINES.test(text))
  .map(({ path, text }) => ({
    path,
    names: [...text.matchAll(NAME)].map(([, name = ""]) => name),
  }));

/** What turns each of them on. Nothing of it is asked for anything: no service runs. */
async function everything(dataDir: string): Promise<Readonly<Record<string, string>>> {
  const skill = join(dataDir, "skills", "tea");
  await mkdir(skill, { recursive: true });
  await writeFile(join(skill, "SKILL.md"), "---\nname: tea\ndescription: Makes tea\n---\nBoil.");
  return {
    CLARA_DATA_DIR: dataDir,
    DISCORD_BOT_TOKEN: "MTIz.abc.def",
    TAVILY_API_KEY: "tavily",
    CLARA_CHROMIUM: process.execPath,
    CLARA_IMAGE_API_KEY: "images",
    CLAUDE_CODE_WORKDIR: dataDir,
    CLAUDE_CODE_ALLOWED_USERS: "100000000000000001",
    SANDBOX_MODE: "local",
    DOCKER_HOST: "unix:///nowhere/docker.sock",
    GOOGLE_CLIENT_ID: "client",
    GOOGLE_CLIENT_SECRET: "secret",
    CLARA_EMAIL_ADDRESS: "clara@example.com",
    CLARA_EMAIL_PASSWORD: "mail",
  };
}

test("every tool that there is in a folder of tools is wired, once, where everything is set up", async () => {
  await using folder = await usedFolder();
  const env = await everything(folder.dataDir);
  await using app = await createApp(loadConfig(env), {
    log: silentLog,
    tap: createLogTap(),
    secrets: () => [],
    mode: "start",
    input: new PassThrough(),
    output: new PassThrough(),
    configure: (entered) => loadConfig({ ...entered, ...env }),
  });
  const wired = app.tools.map(({ name }) => name);

  const missing = files.map(({ path, names }) => ({
    path,
    names: names.filter((name) => !wired.includes(name)),
  }));

  expect(missing.filter(({ names }) => names.length > 0)).toEqual([]);
  // And this test reads each of them: no file is without a name, and no tool without a file.
  expect(files.filter(({ names }) => names.length === 0)).toEqual([]);
  expect(wired.toSorted()).toEqual(files.flatMap(({ names }) => names).toSorted());
});
