import type { REST } from "discord.js";
import { expect, test } from "vitest";
import { silentLog } from "../core/log.ts";
import { createOpenDm } from "./open-dm.ts";
import { releaseWords, sectionOf, sendReleaseNote } from "./release-note.ts";

const CHANGELOG = `# Changelog

## 1.2.0, 2026-11-25

- Buttons under answers.

## 1.1.0

- Older.
`;
const forEver = new AbortController().signal;

function setUp(known: string | null, fail: { readonly status: number } | null = null) {
  const notes = new Map<string, string>(known === null ? [] : [["release-note", known]]);
  const posted: { readonly route: string; readonly body: Record<string, unknown> }[] = [];
  const changed: string[] = [];
  const rest = {
    async post(route: string, { body }: { body: Record<string, unknown> }) {
      posted.push({ route, body });
      if (fail && route.includes("messages")) throw Object.assign(new Error("no"), fail);
      return { id: "99" };
    },
    patch: async (route: string) => void changed.push(`edit ${route}`),
    delete: async (route: string) => void changed.push(`delete ${route}`),
  } as unknown as REST;
  const deps = {
    rest,
    openDm: createOpenDm(rest),
    operators: { owner: async () => "7" },
    notes: {
      get: async (key: string) => notes.get(key) ?? null,
      set: async (key: string, value: string) => void notes.set(key, value),
    },
    version: "1.2.0",
    botName: "Clara",
    changelog: async () => CHANGELOG,
    clock: { now: () => new Date(0), elapsedMs: () => 0 },
    log: silentLog,
  };
  return { deps, posted, changed, note: () => notes.get("release-note") };
}

test("an upgrade is told to the owner once, with what is new", async () => {
  const { deps, posted, changed, note } = setUp("1.1.0");

  await sendReleaseNote(deps, forEver);
  await sendReleaseNote(deps, forEver);

  const message = "/channels/99/messages";
  expect(posted.map(({ route }) => route)).toEqual(["/users/@me/channels", message, message]);
  expect(posted[2]?.body["content"]).toBe(
    [
      "**Clara is 1.2.0 now** (before: 1.1.0).",
      "- Buttons under answers.",
      "-# ✅ Tried: sent, edited and deleted a message in 0 ms.",
    ].join("\n"),
  );
  expect(changed).toEqual([`edit ${message}/99`, `delete ${message}/99`]);
  expect(posted[2]?.body["nonce"]).toBe("release:1.2.0");
  expect(note()).toBe("1.2.0");
});

test("the first start ever, and one of the same version, tell nobody", async () => {
  const [first, same] = [setUp(null), setUp("1.2.0")];

  await sendReleaseNote(first.deps, forEver);
  await sendReleaseNote(same.deps, forEver);

  expect([first.posted, same.posted]).toEqual([[], []]);
  expect(first.note()).toBe("1.2.0");
});

test("an owner who takes no messages is not asked again, and an outage is tried again at the next start", async () => {
  const [closed, away] = [setUp("1.1.0", { status: 403 }), setUp("1.1.0", { status: 500 })];

  await sendReleaseNote(closed.deps, forEver);
  await sendReleaseNote(away.deps, forEver);

  expect([closed.note(), away.note()]).toEqual(["1.2.0", "1.1.0"]);
});

test("sectionOf() finds the section of a version however its heading is written", () => {
  expect(sectionOf(CHANGELOG, "1.1.0")).toBe("- Older.");
  expect(sectionOf("## [v1.1.0] - today\n\nNews", "1.1.0")).toBe("News");
  expect(sectionOf(CHANGELOG, "9.9.9")).toBe("");
});

test("releaseWords() fit into a message", () => {
  const changelog = `## 1.2.0\n${"- A long line of news.\n".repeat(500)}`;

  const words = releaseWords({ botName: "Clara", before: "1", version: "1.2.0", changelog });

  expect(words.length).toBeLessThan(2_000);
});
