import { join } from "node:path";
import { expect, test } from "vitest";
import { openPlugIns } from "./open-plug-ins.ts";
import { program } from "./programs.ts";

/** The library's own server, which speaks the newest revision and the ones before. */
const ECHO = join(import.meta.dirname, "../../bench/mcp/echo-server.ts");

test("a program of the newest revision is spoken to in it", async () => {
  const { addApproved, call, mcp } = await openPlugIns({}, { paces: { probeMs: 20_000 } });

  const { id } = await addApproved(program("echo", [ECHO, "stdio"]));

  expect((await mcp.control.look(id)).protocolVersion).toBe("2026-07-28");
  expect((await call("echo__echo", { text: "hi" })).text).toBe("hi");
});
