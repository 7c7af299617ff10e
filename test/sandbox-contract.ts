import { describe, expect, test } from "vitest";
import { SandboxProblem, type SandboxFile, type SandboxRunner } from "../src/core/sandbox.ts";
import { ALIVE, openSandbox, python, run, session, shell } from "./open-sandbox.ts";

const file = (path: string, text: string): SandboxFile => ({
  path,
  bytes: Buffer.from(text),
  isProgram: false,
  modifiedAt: new Date("2026-01-02T03:04:05Z"),
});

/** What every SandboxRunner does, wherever its sandboxes are. */
export function sandboxContract(
  name: string,
  open: () => SandboxRunner | Promise<SandboxRunner>,
): void {
  describe(`${name} is a SandboxRunner`, () => {
    test("a program's output comes apart from its errors, with its exit code", async () => {
      const sandbox = await openSandbox(await open());

      const ran = await run(sandbox, shell("echo out; echo err >&2; exit 3"));

      expect(ran).toMatchObject({ out: "out\n", err: "err\n", exitCode: 3, signal: null });
      expect(ran).toMatchObject({ limit: null, isNew: null });
    });

    test("names of a session stay, those of a fresh program do not", async () => {
      const sandbox = await openSandbox(await open());

      expect(await run(sandbox, session("x = 41"))).toMatchObject({ exitCode: 0, isNew: true });
      expect(await run(sandbox, session("x + 1"))).toMatchObject({ out: "42\n", isNew: false });
      expect((await run(sandbox, python("print('x' in globals())"))).out).toBe("False\n");
    });

    test("output comes while the program runs", async () => {
      const sandbox = await openSandbox(await open());
      const stop = new AbortController();
      const limits = { timeMs: 20_000, outBytes: 1_000, errBytes: 1_000 };
      const events = sandbox.exec(shell("echo first; sleep 15"), limits, stop.signal);

      const first = await events[Symbol.asyncIterator]().next();

      expect(first.value).toMatchObject({ type: "output", to: "out" });
      stop.abort();
    });

    test("a stop ends the program, and the sandbox can be used again", async () => {
      const sandbox = await openSandbox(await open());
      const stop = new AbortController();
      const ran = run(sandbox, shell("echo started; sleep 15"), {}, stop.signal);

      setTimeout(() => stop.abort(new Error("enough")), 300);

      await expect(ran).rejects.toThrow("enough");
      await expect
        .poll(() => run(sandbox, shell("ps ax | grep -c '[s]leep'")).catch(() => null))
        .toMatchObject({
          out: "0\n",
        });
    });

    test("what takes too long is ended, and a session keeps its names if it can be interrupted", async () => {
      const sandbox = await openSandbox(await open());
      await run(sandbox, session("x = 1"));

      const ran = await run(sandbox, session("while True: pass"), { timeMs: 300 });

      expect(ran).toMatchObject({ limit: "time", hasSession: true });
      expect((await run(sandbox, session("x"))).out).toBe("1\n");
    });

    test("what prints too much is ended, with what it printed until then", async () => {
      const sandbox = await openSandbox(await open());

      const ran = await run(sandbox, shell("yes"), { outBytes: 5_000 });

      expect(ran).toMatchObject({ limit: "output", signal: 9 });
      expect(ran.out).toBe("y\n".repeat(2_500));
    });

    test("files go in and come out as they were", async () => {
      const sandbox = await openSandbox(await open());
      const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251));

      await sandbox.put([file("/box/a/b.txt", "hello"), { ...file("/out/c", ""), bytes }], ALIVE);

      expect((await run(sandbox, shell("cat /box/a/b.txt"))).out).toBe("hello");
      expect(Buffer.from((await sandbox.get("/out/c", ALIVE)).bytes).equals(bytes)).toBe(true);
      const { entries } = await sandbox.list("/box", ALIVE);
      expect(entries).toMatchObject([
        { path: "/box/a/b.txt", sizeBytes: 5, modifiedAt: new Date("2026-01-02T03:04:05Z") },
      ]);
    });

    test("what is no file of the workspace is refused in words", async () => {
      const sandbox = await openSandbox(await open());
      await run(
        sandbox,
        shell("ln -s /etc/passwd /box/link; ln -s / /box/root; mkfifo /box/pipe; mkdir /box/d"),
      );
      const get = (path: string) => sandbox.get(path, ALIVE);

      await expect(get("/etc/passwd")).rejects.toThrow(/outside of the workspace/);
      await expect(get("/box/../etc/passwd")).rejects.toThrow(/outside of the workspace/);
      await expect(get("/box/root/etc/passwd")).rejects.toThrow(/outside of the workspace/);
      await expect(get("/box/link")).rejects.toThrow(/is a link/);
      await expect(get("/box/pipe")).rejects.toThrow(/no plain file/);
      await expect(get("/box/d")).rejects.toThrow(/no plain file/);
      await expect(get("/box/nothing")).rejects.toThrow(/is not there/);
      await expect(get("/box/nothing")).rejects.toBeInstanceOf(SandboxProblem);
    });

    test("a file that goes in replaces what is there, and follows no link", async () => {
      const sandbox = await openSandbox(await open());
      await run(sandbox, shell("echo kept > /box/target; ln -s /box/target /box/link"));

      await sandbox.put([file("/box/link", "new")], ALIVE);

      expect((await run(sandbox, shell("cat /box/target /box/link"))).out).toBe("kept\nnew");
      await expect(sandbox.put([file("/etc/x", "no")], ALIVE)).rejects.toThrow(/outside/);
      await expect(sandbox.put([file("/box/../etc/x", "no")], ALIVE)).rejects.toThrow(/outside/);
    });

    test("a snapshot holds every plain file, and nothing else", async () => {
      const sandbox = await openSandbox(await open());
      await run(
        sandbox,
        shell(
          "cd /box; mkdir d; echo 1 > d/one; ln -s d/one l; mkfifo p; echo 2 > /out/two; chmod +x d/one",
        ),
      );

      const files = await Array.fromAsync(sandbox.snapshot(ALIVE));

      const found = files.map(({ path, bytes, isProgram }) => [
        path,
        Buffer.from(bytes).toString(),
        isProgram,
      ]);
      expect(found).toEqual([
        ["/box/d/one", "1\n", true],
        ["/out/two", "2\n", false],
      ]);
    });

    test("two sandboxes see nothing of each other, and one that was ended is gone", async () => {
      const runner = await open();
      const [one, other] = [await openSandbox(runner), await openSandbox(runner)];
      await run(one, shell("echo secret > /box/mine"));

      expect((await run(other, shell("ls /box"))).out).toBe("");
      await one.kill();
      await expect(run(one, shell("echo hi"))).rejects.toThrow(/sandbox ended/i);
      expect((await run(other, shell("echo hi"))).out).toBe("hi\n");
    });

    test("it says that it works", async () => {
      expect(await (await open()).health(ALIVE)).toMatchObject({
        kind: "works",
        engine: expect.any(String),
      });
    });
  });
}
