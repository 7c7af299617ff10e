import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadConfig } from "../config.ts";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((each) => rmSync(each, { recursive: true })));

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "clara-secret-"));
  folders.push(folder);
  const path = join(folder, "secret");
  writeFileSync(path, text);
  return path;
}

test("a secret may stand in a file, and is hidden from the log like any other", () => {
  const config = loadConfig({
    DATABASE_URL_FILE: fileWith("postgresql://clara:pass-word@db/clara\n"),
  });

  expect(config.store).toEqual({ kind: "server", url: "postgresql://clara:pass-word@db/clara" });
  expect(config.secrets).toContain("pass-word");
  expect(config.misspelt).toEqual([]);
});

test("a file that cannot be read is told by its variable", () => {
  expect(() => loadConfig({ DISCORD_BOT_TOKEN_FILE: "/nowhere/at/all" })).toThrow(
    /DISCORD_BOT_TOKEN_FILE names a file that cannot be read/,
  );
  expect(() => loadConfig({ DISCORD_BOT_TOKEN_FILE: fileWith(" \n") })).toThrow(/is empty/);
  expect(() => loadConfig({ DISCORD_BOT_TOKEN_FILE: fileWith("x".repeat(65_537)) })).toThrow(
    /64 kB/,
  );
});

test("a secret in both places is refused, without either value", () => {
  const env = {
    DATABASE_URL: "postgresql://a:first@db/a",
    DATABASE_URL_FILE: fileWith("postgresql://a:second@db/a"),
  };

  expect(() => loadConfig(env)).toThrow(/DATABASE_URL_FILE is set beside DATABASE_URL; keep one/);
  expect(() => loadConfig(env)).not.toThrow(/first|second/);
});
