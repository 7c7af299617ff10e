import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import {
  Client,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { NewMcpServer } from "../../src/core/mcp.ts";
import { newMcpServer } from "../../test/mcp-rows.ts";
import { program } from "../../test/mcp/programs.ts";
import { medianAnd95th } from "../percentile.ts";
import { openRoom } from "./room.ts";

const SERVER = join(import.meta.dirname, "echo-server.ts");
const WARM_UP = 500;
/** Calls in a row before the other one has its turn. */
const IN_A_ROW = 50;

export interface Overhead {
  readonly way: "stdio" | "http";
  readonly bare: readonly number[];
  readonly ours: readonly number[];
}

/** What a call takes with the library alone and through Clara's room, turn by turn in one run; ms, p50 and p95. */
export async function measureOverhead(way: Overhead["way"], calls: number): Promise<Overhead> {
  await using served = way === "http" ? await serveHttp() : null;
  const url = served?.url ?? "";
  await using room = await openRoom();
  const ours = await room.callerOf(
    way === "http" ? onTheWeb(url) : program("echo", [SERVER, "stdio"]),
    "echo",
  );
  const client = new Client(
    { name: "bare", version: "1" },
    { versionNegotiation: { mode: "auto" } },
  );
  await client.connect(bareTransport(way, url));
  await client.listTools();
  const bare = () => client.callTool({ name: "echo", arguments: { text: "hello" } });
  const took = { bare: [] as number[], ours: [] as number[] };
  await repeat(WARM_UP, bare);
  await repeat(WARM_UP, ours);
  for (let done = 0; done < calls; done += IN_A_ROW) {
    took.bare.push(...(await repeat(IN_A_ROW, bare)));
    took.ours.push(...(await repeat(IN_A_ROW, ours)));
  }
  await client.close();
  return {
    way,
    bare: [...medianAnd95th(took.bare)],
    ours: [...medianAnd95th(took.ours)],
  };
}

async function repeat(times: number, call: () => Promise<unknown>): Promise<readonly number[]> {
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const startedAt = performance.now();
    await call();
    took.push(performance.now() - startedAt);
  }
  return took;
}

const bareTransport = (way: Overhead["way"], url: string): Transport =>
  way === "http"
    ? new StreamableHTTPClientTransport(new URL(url))
    : new StdioClientTransport({
        command: process.execPath,
        args: [SERVER, "stdio"],
        stderr: "ignore",
      });

const onTheWeb = (url: string): NewMcpServer => {
  const server = newMcpServer({ owner: { kind: "operator" }, name: "echo", displayName: "Echo" });
  return server.launch.kind === "http" ? { ...server, launch: { ...server.launch, url } } : server;
};

async function serveHttp() {
  const child = spawn(process.execPath, [SERVER, "http"], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return {
    url: `http://127.0.0.1:${port.toString().trim()}/mcp`,
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
