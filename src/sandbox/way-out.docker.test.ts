import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import {
  describeDocker,
  openDockerRunner,
  openSandbox,
  python,
  run,
  session,
} from "../../test/open-sandbox.ts";
import { systemClock } from "../core/clock.ts";
import type { FindHost } from "../core/net.ts";
import { createNet } from "../net/index.ts";

/** Sends back what it gets, and remembers from how many. */
async function openEcho() {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on("data", (data) => {
      seen.push(data.toString());
      socket.write(data);
    });
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, seen };
}

const findEcho: FindHost = async () => ({ kind: "host", addresses: ["127.0.0.1"] });

/** Asks the proxy for a tunnel, and sends words through it. */
const reach = (target: string, words = "hello") =>
  python(`
import os, socket
host, port = os.environ["https_proxy"].removeprefix("http://").split(":")
s = socket.create_connection((host, int(port)))
s.settimeout(10)
s.sendall(b"CONNECT ${target} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
answer = s.recv(1000).decode()
print(answer.split("\\r\\n")[0])
if " 200 " in answer:
    s.sendall(${JSON.stringify(words)}.encode())
    print(s.recv(1000).decode())
`);

describeDocker("a way out", () => {
  test("leads to the hosts that were agreed to, and to no other", async () => {
    const echo = await openEcho();
    const sandbox = await openSandbox(openDockerRunner({}, findEcho));
    const hosts = ["Allowed.example"];

    const allowed = await run(sandbox, reach(`allowed.example:${echo.port}`), { hosts });
    const other = await run(sandbox, reach(`other.example:${echo.port}`), { hosts });
    const below = await run(sandbox, reach(`x.allowed.example:${echo.port}`), { hosts });
    const direct = await run(sandbox, reach(`127.0.0.1:${echo.port}`), { hosts });

    expect(allowed.out).toBe("HTTP/1.1 200 Connected\nhello\n");
    expect([other, below, direct].map(({ out }) => out)).toEqual(
      Array.from({ length: 3 }, () => "HTTP/1.1 403 Not agreed to\n"),
    );
    expect(echo.seen).toEqual(["hello"]);
  });

  test("is there for that run alone, and not for a session", async () => {
    const sandbox = await openSandbox(openDockerRunner({}, findEcho));
    await run(sandbox, reach("allowed.example:443"), { hosts: ["allowed.example"] });

    const after = await run(
      sandbox,
      python(
        "import os, socket\nprint('https_proxy' in os.environ)\nsocket.create_connection(('127.0.0.1', 3128))",
      ),
    );

    expect(after).toMatchObject({
      out: "False\n",
      err: expect.stringContaining("ConnectionRefused"),
    });
    await expect(run(sandbox, session("1"), { hosts: ["allowed.example"] })).rejects.toThrow(
      /Nobody can be reached/,
    );
  });

  test("a name that leads into the house's own network is refused, although it was agreed to", async () => {
    const net = createNet(
      {
        clock: systemClock,
        createSecret: () => "x",
        resolve: async (host) =>
          host === "inner.example" ? ["10.0.0.7"] : ["127.0.0.1", "93.184.216.34"],
      },
      { fetchAllow: [] },
    );
    const hosts = ["inner.example", "mixed.example", "169.254.169.254", "localhost"];

    const ran = await Promise.all(
      [
        "inner.example:443",
        "mixed.example:443",
        "169.254.169.254:80",
        "localhost:443",
        "inner.example:22",
      ].map(async (target) => {
        const own = await openSandbox(openDockerRunner({}, net.findWebHost));
        return (await run(own, reach(target), { hosts })).out;
      }),
    );

    expect(ran).toEqual(Array.from({ length: 5 }, () => "HTTP/1.1 403 Forbidden address\n"));
  });

  test("carries megabytes in, also to a program that reads slowly, and only so much out", async () => {
    const echo = await openEcho();
    const sandbox = await openSandbox(openDockerRunner({}, findEcho));
    const talk = (bytes: number) =>
      python(`
import os, socket, threading, time, hashlib
host, port = os.environ["https_proxy"].removeprefix("http://").split(":")
s = socket.create_connection((host, int(port))); s.settimeout(15)
s.sendall(b"CONNECT allowed.example:${echo.port} HTTP/1.1\\r\\n\\r\\n"); s.recv(1000)
data = os.urandom(${bytes})
def send():
    try: s.sendall(data)
    except OSError: pass
threading.Thread(target=send).start()
got = b""
try:
    while len(got) < len(data):
        piece = s.recv(65536)
        if not piece: break
        got += piece
        time.sleep(0.001)
except OSError: pass
print(got == data)
`);

    expect((await run(sandbox, talk(3_000_000), { hosts: ["allowed.example"] })).out).toBe(
      "True\n",
    );
    expect((await run(sandbox, talk(6_000_000), { hosts: ["allowed.example"] })).out).toBe(
      "False\n",
    );
  });

  test("words that are no request for a tunnel get no tunnel", async () => {
    const sandbox = await openSandbox(openDockerRunner({}, findEcho));
    const say = (words: string) =>
      python(`
import socket
s = socket.create_connection(("127.0.0.1", 3128)); s.settimeout(5)
s.sendall(${words})
print(s.recv(1000).decode().split("\\r\\n")[0])
`);
    const limits = { hosts: ["allowed.example"] };

    expect(
      (await run(sandbox, say('b"GET http://allowed.example/ HTTP/1.1\\r\\n\\r\\n"'), limits)).out,
    ).toBe("HTTP/1.1 403 Not agreed to\n");
    expect((await run(sandbox, say('b"x" * 5000'), limits)).out).toBe("HTTP/1.1 431 Too long\n");
  });

  test("without anybody who looks names up there is none", async () => {
    const sandbox = await openSandbox(openDockerRunner());

    await expect(run(sandbox, python("1"), { hosts: ["allowed.example"] })).rejects.toThrow(
      /Nobody can be reached/,
    );
  });
});
