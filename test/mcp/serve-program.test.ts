import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, onTestFinished, test } from "vitest";
import { usedFolder } from "../data-folder.ts";

const CLI = "src/cli/main.ts";
/** Whole programs are started, one after the other. */
const SLOW = { timeout: 240_000 };
const run = promisify(execFile);

/** A Clara of one's own, with an empty database. */
async function newClara() {
  const folder = await usedFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const env = {
    PATH: process.env["PATH"] ?? "",
    CLARA_DATA_DIR: folder.dataDir,
    LOG_LEVEL: "info",
  };
  return {
    env,
    token: async (...args: readonly string[]) => {
      const { stdout } = await run(process.execPath, [CLI, "mcp-token", ...args], { env });
      return stdout.trim();
    },
  };
}

const newClient = () =>
  new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });

describe("clara serve mcp, as a program", () => {
  test(
    "by standard input and output, with the demo model and an empty database",
    SLOW,
    async () => {
      const { env, token } = await newClara();
      const own = await token("123456789", "--change", "--label", "my editor");
      const client = newClient();
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [CLI, "serve", "mcp"],
          env: { ...env, CLARA_MCP_TOKEN: own },
          stderr: "ignore",
        }),
      );
      onTestFinished(() => client.close());
      const call = async (name: string, input: Record<string, unknown>) =>
        JSON.stringify((await client.callTool({ name, arguments: input })).content);

      const { tools } = await client.listTools();
      const kept = await call("remember", { text: "Ana likes green tea" });
      const recalled = await call("recall", {});
      const answered = await call("ask_clara", { question: "Hello, who are you?" });

      expect(tools.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["recall", "remember", "list_reminders", "remind_me", "ask_clara"]),
      );
      expect(`${kept} ${recalled}`).toContain("green tea");
      expect(answered).toMatch(/demo/i);
    },
  );

  test("by HTTP, each caller with his own token", SLOW, async () => {
    const { env, token } = await newClara();
    const [reads] = [await token("123456789")];
    const child = spawn(process.execPath, [CLI, "serve", "mcp", "--http", "0"], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    });
    const address = await addressIn(child.stderr);
    const client = newClient();
    await client.connect(
      new StreamableHTTPClientTransport(new URL(address), {
        requestInit: { headers: { authorization: `Bearer ${reads}` } },
      }),
    );
    onTestFinished(() => client.close());

    const { tools } = await client.listTools();
    const stranger = await fetch(address, { method: "POST", body: "{}" });

    expect(tools.map(({ name }) => name)).toContain("recall");
    expect(tools.map(({ name }) => name)).not.toContain("ask_clara");
    expect(stranger.status).toBe(401);
  });

  test(
    "without a token that is good, it says what to do and writes nothing to whoever listens",
    SLOW,
    async () => {
      const { env } = await newClara();

      const ended = await run(process.execPath, [CLI, "serve", "mcp"], {
        env: { ...env, CLARA_MCP_TOKEN: "clara_wrong" },
      }).catch((error: { code: number; stdout: string; stderr: string }) => error);

      expect(ended).toMatchObject({ code: 78, stdout: "" });
      expect(ended.stderr).toContain("clara mcp-token");
    },
  );
});

/** Of the line in the log that tells it. */
async function addressIn(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /"address":"([^"]+)"/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error("It ended before it was open");
}
