import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyFolder } from "../../test/data-folder.ts";
import { fakeMachine } from "../../test/fake-machine.ts";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { userId } from "../core/ids.ts";
import { aloneScope } from "../core/principal.ts";
import { importMail } from "./import-mail.ts";
import { rotateKeys } from "./rotate-keys.ts";

const KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const ID = "123456789012345678";

/** As an older Clara has sealed it: https://github.com/fernet/spec. */
function fernet(text: string): string {
  const key = Buffer.from(KEY, "base64url");
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-128-cbc", key.subarray(16), iv);
  const words = Buffer.concat([cipher.update(text), cipher.final()]);
  const signed = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(8), iv, words]);
  const mac = createHmac("sha256", key.subarray(0, 16)).update(signed).digest();
  return Buffer.concat([signed, mac]).toString("base64url");
}

test("mailboxes and rules of an older Clara are taken over, their passwords sealed anew", async () => {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  await using folder = await emptyFolder();
  const file = join(folder.dataDir, "mail.json");
  const row = {
    user_id: `discord-${ID}`,
    provider_type: "imap",
    imap_server: "imap.example.com",
    imap_port: 993,
    imap_username: "ana",
    imap_password: fernet("old-secret"),
    enabled: "true",
    ping_on_alert: "true",
    quiet_hours_start: 22,
    quiet_hours_end: 7,
  };
  const conditions = { conditions: { sender_contains: ["boss"] }, match_mode: "any" };
  await writeFile(
    file,
    JSON.stringify({
      email_accounts: [
        { ...row, id: "a", email_address: "Ana@example.com" },
        {
          ...row,
          id: "b",
          email_address: "b@example.com",
          imap_password: fernet("x").slice(0, -4),
        },
        {
          ...row,
          id: "c",
          email_address: "c@gmail.com",
          provider_type: "gmail",
          imap_password: null,
        },
      ],
      email_rules: [
        {
          user_id: `discord-${ID}`,
          account_id: "a",
          name: "Boss",
          rule_definition: JSON.stringify(conditions),
        },
        { user_id: `discord-${ID}`, account_id: null, name: "Broken", rule_definition: "{}" },
      ],
    }),
  );
  const machine = fakeMachine({ EMAIL_ENCRYPTION_KEY: KEY });
  const deps = {
    machine,
    random: Math.random,
    createId: () => crypto.randomUUID(),
    openStore: async () => ({ ...store, [Symbol.asyncDispose]: async () => {} }),
  };

  const code = await importMail(deps, [file]);

  expect(code).toBe(0);
  expect(machine.said()).toContain("1 mailboxes and 1 rules are kept");
  expect(machine.said()).not.toContain("old-secret");
  const scope = aloneScope("discord", userId(`discord:${ID}`));
  expect(await store.mailAccounts.list(scope)).toMatchObject([
    { address: "ana@example.com", login: "ana", pings: true, quiet: { from: 1_320, to: 420 } },
  ]);
  expect(await store.mailRules.list(scope)).toMatchObject([{ name: "Boss" }]);
  const owner = { kind: "person", userId: scope.principal.userId } as const;
  const found = await store.secrets.get(owner, "mail:ana@example.com");
  expect(found.kind === "found" && found.secret.reveal()).toBe("old-secret");
  const [sealed] = await store.query("select sealed, key_id from secrets where name like 'mail:%'");
  expect(sealed).toMatchObject({ sealed: expect.stringMatching(/^v1\.test\./), key_id: "test" });
});

test("rotate-keys says when older keys may go", async () => {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const machine = fakeMachine();
  const deps = {
    machine,
    random: Math.random,
    createId: () => crypto.randomUUID(),
    openStore: async () => ({ ...store, [Symbol.asyncDispose]: async () => {} }),
  };
  await store.secrets.put({ kind: "operator" }, "a", "x");

  const whole = await rotateKeys(deps);
  await store.query("update secrets set key_id = 'lost'");
  const lost = await rotateKeys(deps);

  expect([whole, lost]).toEqual([0, 1]);
  expect(machine.said()).toMatch(/older keys may be removed[^]*1 cannot be opened/);
});
