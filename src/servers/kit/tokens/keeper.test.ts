import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  openVaultEmulator,
  VAULT_TOKEN,
} from "../../../../test/emulators/vault/open-vault-emulator.ts";
import { systemClock } from "../../../core/clock.ts";
import { createLog } from "../../../lib/log.ts";
import { pause } from "../../../lib/pause.ts";
import { Failure } from "../failure.ts";
import { createRedactor } from "../redact.ts";
import { DEFAULT_TENANT, toTenantId } from "../tenant.ts";
import { createFileStore } from "./file-store.ts";
import { createTokenKeeper, type TokenKeeperDeps } from "./keeper.ts";
import { createTokenText } from "./token-text.ts";
import { NO_TOKENS } from "./token-store.ts";
import { createVaultTokens } from "./vault-tokens.ts";

const anna = toTenantId("anna") ?? DEFAULT_TENANT;
const berta = toTenantId("berta") ?? DEFAULT_TENANT;
const { signal } = new AbortController();
const HOUR_MS = 3_600_000;

/** Keepers of several processes over one Vault, and an upstream that rotates its refresh tokens. */
async function openKeepers() {
  const vault = await openVaultEmulator();
  const folder = await mkdtemp(join(tmpdir(), "clara-keeper-"));
  vault.put("t/anna", { refresh_token: "refresh-0" });
  let refreshes = 0;
  let valid = "refresh-0";
  const refresh: TokenKeeperDeps["refresh"] = async (tokens) => {
    await pause(30, signal);
    if (tokens.refreshToken !== valid) throw new Failure("AUTH_INVALID", "invalid_grant");
    refreshes += 1;
    valid = `refresh-${refreshes}`;
    const expiresAt = systemClock.now().getTime() + HOUR_MS;
    return { ...NO_TOKENS, accessToken: `access-${refreshes}`, refreshToken: valid, expiresAt };
  };
  const spill = createFileStore({
    path: join(folder, "aside.json"),
    text: createTokenText("test", null),
    clock: systemClock,
    pause,
  });
  const createWith = (parts: Partial<TokenKeeperDeps>) =>
    createTokenKeeper({
      store: createVaultTokens(
        { fetch: globalThis.fetch },
        { address: vault.url, token: VAULT_TOKEN, mount: "secret", path: "t", namespace: null },
      ),
      spill,
      refresh,
      isRenewable: () => true,
      earlyMs: 60_000,
      clock: systemClock,
      createId: () => crypto.randomUUID(),
      pause,
      log: createLog({ level: "silent", secrets: () => [] }, { write: () => {} }),
      redact: createRedactor([]),
      ...parts,
    });
  return {
    vault,
    create: () => createWith({}),
    createWith,
    refresh,
    refreshes: () => refreshes,
    valid: () => valid,
    async [Symbol.asyncDispose]() {
      await vault[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("fifty who need a new token at the same moment cause one refresh", async () => {
  await using keepers = await openKeepers();
  const keeper = keepers.create();

  const all = await Promise.all(Array.from({ length: 50 }, () => keeper.tokensOf(anna, signal)));

  expect(keepers.refreshes()).toBe(1);
  expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(new Set(["access-1"]));
});

test("processes wait for each other: the token is refreshed by one of them", async () => {
  await using keepers = await openKeepers();
  const processes = Array.from({ length: 5 }, keepers.create);

  const all = await Promise.all(processes.map((keeper) => keeper.tokensOf(anna, signal)));

  expect(keepers.refreshes()).toBe(1);
  expect(all.map(({ accessToken }) => accessToken)).toEqual(Array(5).fill("access-1"));
});

test("the rotated token is in the store before anybody uses the new one", async () => {
  await using keepers = await openKeepers();

  await keepers.create().tokensOf(anna, signal);

  expect(keepers.vault.at("t/anna")).toMatchObject({ refresh_token: keepers.valid() });
});

test("a rotated token is set aside when the store does not take it, and goes there later", async () => {
  await using keepers = await openKeepers();
  const refresh: TokenKeeperDeps["refresh"] = async (...given) => {
    const tokens = await keepers.refresh(...given);
    keepers.vault.seal(true);
    return tokens;
  };
  const first = keepers.createWith({ refresh });

  const tokens = await first.tokensOf(anna, signal);
  keepers.vault.seal(false);
  const afterCrash = await keepers.create().tokensOf(anna, signal);

  expect(tokens.accessToken).toBe("access-1");
  expect(afterCrash.accessToken).toBe("access-1");
  expect(keepers.refreshes()).toBe(1);
  expect(keepers.vault.at("t/anna")).toMatchObject({ refresh_token: "refresh-1" });
});

test("a tenant without tokens has none, whatever others have", async () => {
  await using keepers = await openKeepers();

  const asking = keepers.create().tokensOf(berta, signal);

  await expect(asking).rejects.toMatchObject({ code: "NO_CREDENTIALS" });
});

test("who gives up does not cut off a refresh that others, and the token itself, depend on", async () => {
  await using keepers = await openKeepers();
  const keeper = keepers.create();
  const hurried = new AbortController();

  const givenUp = keeper.tokensOf(anna, hurried.signal);
  hurried.abort();
  await expect(givenUp).rejects.toThrow("aborted");
  const tokens = await keeper.tokensOf(anna, signal);

  expect(tokens.accessToken).toBe("access-1");
  expect(keepers.refreshes()).toBe(1);
});

test("a token that was refused is refreshed once, however many were refused with it", async () => {
  await using keepers = await openKeepers();
  const keeper = keepers.create();
  const { accessToken } = await keeper.tokensOf(anna, signal);

  const renewed = await Promise.all(
    Array.from({ length: 20 }, () => keeper.refused(anna, accessToken ?? "", signal)),
  );

  expect(keepers.refreshes()).toBe(2);
  expect(renewed).toEqual(Array(20).fill(true));
});

test("while Vault is sealed, a token that still holds is used", async () => {
  await using keepers = await openKeepers();
  const keeper = keepers.create();
  await keeper.tokensOf(anna, signal);

  keepers.vault.seal(true);
  const tokens = await keeper.tokensOf(anna, signal);

  expect(tokens.accessToken).toBe("access-1");
});

test("what somebody puts into the store meanwhile is not overwritten by what was set aside", async () => {
  await using keepers = await openKeepers();
  const sealing = keepers.createWith({
    async refresh(...given) {
      const tokens = await keepers.refresh(...given);
      keepers.vault.seal(true);
      return tokens;
    },
  });
  await sealing.tokensOf(anna, signal);
  keepers.vault.seal(false);
  keepers.vault.put("t/anna", { access_token: "put-by-hand", refresh_token: "put-by-hand-too" });

  const tokens = await keepers.create().tokensOf(anna, signal);

  expect(tokens.accessToken).toBe("put-by-hand");
});

test("while the sign-in does not work, a token that is renewed early is used to its end", async () => {
  await using keepers = await openKeepers();
  const soon = systemClock.now().getTime() / 1000 + 30;
  keepers.vault.put("t/anna", {
    access_token: "old",
    refresh_token: "refresh-0",
    expires_at: soon,
  });
  const keeper = keepers.createWith({
    refresh: () => Promise.reject(new Failure("UPSTREAM_UNAVAILABLE", "down")),
  });

  const tokens = await keeper.tokensOf(anna, signal);
  const refused = keeper.refused(anna, "old", signal);

  expect(tokens.accessToken).toBe("old");
  await expect(refused).rejects.toThrow("down");
});
