import { describe, expect, test } from "vitest";
import { openSignInEmulator } from "../../../test/emulators/mcp-sign-in/index.ts";
import { openMcpSignIn } from "../../../test/open-mcp-sign-in.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { createCappedFetch } from "../capped-fetch.ts";
import { NO_CHALLENGE } from "./challenge.ts";
import { watchScopes } from "./watch-scopes.ts";

const store = share(openEmbeddedStore);

const HOUR_MS = 3_600_000;
const INVALID_GRANT = { status: 400, body: { error: "invalid_grant" } };

/** Somebody who has signed in to a hosted server. */
async function setUp() {
  const emulator = await openSignInEmulator();
  const clara = openMcpSignIn(store(), [emulator.port]);
  const server = await clara.added(emulator.url);
  const { scope, holder } = await clara.signedIn(server);
  const tokens = clara.newTokens();
  const token = (refused: string | null = null) =>
    tokens.token(
      server,
      holder,
      refused === null ? null : { token: refused, challenge: NO_CHALLENGE },
    );
  const asked = { scope, server, isManager: false };
  return {
    ...clara,
    emulator,
    server,
    scope,
    holder,
    tokens,
    token,
    asked,
    refreshes: () =>
      emulator.asked.filter(({ form }) => form["grant_type"] === "refresh_token").length,
    status: () => clara.signIn.status(asked),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

describe("a token", () => {
  test("is renewed ahead of its end, and not before", async () => {
    await using house = await setUp();
    const first = await house.token();
    house.advance(HOUR_MS - 61_000);
    const same = await house.token();
    house.advance(2_000);

    const next = await house.token();

    expect(same).toBe(first);
    expect(next).not.toBe(first);
    expect(house.refreshes()).toBe(1);
  });

  test("is renewed once, however many ask, and in however many processes", async () => {
    await using house = await setUp();
    house.advance(HOUR_MS);
    const processes = [house.newTokens(), house.newTokens(), house.newTokens()];

    const given = await Promise.all(
      [...processes, ...processes, ...processes].map((each) =>
        each.token(house.server, house.holder, null),
      ),
    );

    expect(new Set(given).size).toBe(1);
    expect(house.refreshes()).toBe(1);
  });

  test("of a few seconds is used for half of them", async () => {
    await using house = await setUp();
    house.emulator.state.lifeS = 10;
    house.advance(HOUR_MS);
    const short = await house.token();
    house.advance(4_000);
    const same = await house.token();
    house.advance(2_000);

    const next = await house.token();

    expect(same).toBe(short);
    expect(next).not.toBe(short);
  });

  test("that does not say when it ends is renewed when it is refused", async () => {
    await using house = await setUp();
    house.emulator.state.lifeS = null;
    house.advance(HOUR_MS);
    const lasting = await house.token();
    house.advance(1_000 * HOUR_MS);

    expect(await house.token()).toBe(lasting);
    expect(await house.token(lasting)).not.toBe(lasting);
  });

  test("goes on being used when the sign-in server is away and it is still good", async () => {
    await using house = await setUp();
    const first = await house.token();
    house.advance(HOUR_MS - 30_000);
    house.emulator.state.tokenFaults = [{ status: 503, body: {} }];

    expect(await house.token()).toBe(first);
    expect(await house.token()).not.toBe(first);
  });

  test("that ran out is not given while the sign-in server is away, and comes back with it", async () => {
    await using house = await setUp();
    house.advance(HOUR_MS);
    house.emulator.state.tokenFaults = [{ status: 500, body: "oh" }];

    await expect(house.token()).rejects.toMatchObject({ kind: "needs-sign-in" });
    expect(await house.token()).toMatch(/^access-/);
    expect(await house.status()).toMatchObject({ kind: "signed-in" });
  });

  test("whose renewal is refused for good needs a person", async () => {
    await using house = await setUp();
    house.advance(HOUR_MS);
    house.emulator.state.tokenFaults = [INVALID_GRANT];

    await expect(house.token()).rejects.toMatchObject({ kind: "needs-sign-in" });
    await expect(house.token()).rejects.toMatchObject({ kind: "needs-sign-in" });
    expect(house.refreshes()).toBe(1);
    expect(await house.status()).toMatchObject({ kind: "sign-in-again" });
  });

  test("is not renewed at a sign-in server that the server names only now", async () => {
    await using house = await setUp();
    await using hostile = await openSignInEmulator();
    house.emulator.state.resource = { authorization_servers: [hostile.origin] };
    house.advance(HOUR_MS);
    const clara = openMcpSignIn(store(), [house.emulator.port, hostile.port]);
    clara.advance(HOUR_MS);

    await expect(clara.newTokens().token(house.server, house.holder, null)).rejects.toMatchObject({
      kind: "needs-sign-in",
    });
    expect(hostile.asked.map(({ form }) => form)).not.toContainEqual(
      expect.objectContaining({ refresh_token: expect.anything() }),
    );
  });

  test("outlives a server that does not say for a while who signs people in", async () => {
    await using house = await setUp();
    house.advance(HOUR_MS);
    house.emulator.state.isHidden = true;
    await expect(house.token()).rejects.toMatchObject({ kind: "needs-sign-in" });
    house.emulator.state.isHidden = false;

    expect(await house.token()).toMatch(/^access-/);
    expect(house.emulator.count("/register")).toBe(1);
  });

  test("of one server is not sent where another's refusal points", async () => {
    await using house = await setUp();
    await using hostile = await openSignInEmulator();
    const clara = openMcpSignIn(store(), [house.emulator.port, hostile.port]);
    const given = await house.token();
    const resourceMetadataUrl = `${hostile.origin}/.well-known/oauth-protected-resource/mcp`;

    await expect(
      clara.newTokens().token(house.server, house.holder, {
        token: given,
        challenge: { ...NO_CHALLENGE, resourceMetadataUrl },
      }),
    ).rejects.toMatchObject({ kind: "needs-sign-in" });
    expect(JSON.stringify(hostile.asked)).not.toMatch(/access-|refresh-/);
  });

  test("is not sent to an address that the server has only since", async () => {
    await using house = await setUp();
    const { launch } = house.server;
    if (launch.kind !== "http") throw new Error(launch.kind);
    const moved = { ...house.server, launch: { ...launch, url: "https://evil.example/mcp" } };

    await expect(house.tokens.token(moved, house.holder, null)).rejects.toMatchObject({
      kind: "needs-sign-in",
    });
  });
});

describe("a connection", () => {
  test("signs with its holder's token, and renews it once when it is refused", async () => {
    await using house = await setUp();
    const auth = house.authFor(house);
    const first = await auth?.token();
    house.emulator.forgetAccess();

    await auth?.onUnauthorized?.({
      response: new Response(null, { status: 401 }),
      serverUrl: new URL(house.emulator.url),
      fetchFn: fetch,
    });

    expect(await auth?.token()).not.toBe(first);
    expect(house.refreshes()).toBe(1);
  });

  test("of a server that wants no sign-in is not signed", async () => {
    await using house = await setUp();
    const { launch } = house.server;
    if (launch.kind !== "http") throw new Error(launch.kind);
    const server = { ...house.server, launch: { ...launch, auth: "none" as const } };

    expect(house.authFor({ server, holder: house.holder })).toBeUndefined();
  });

  test("that wants more rights has a person asked for them, with those of before", async () => {
    await using house = await setUp();
    house.emulator.state.scope = "read";
    await house.signedIn(house.server, house.scope);
    house.emulator.state.needs = ["write"];

    await call(house);
    const status = await house.status();
    const started = await house.signIn.start(house.asked, house.signal);

    expect(status).toMatchObject({ kind: "sign-in-again", says: expect.stringContaining("more") });
    expect(started).toMatchObject({ kind: "link", scopes: ["read", "write"] });
  });

  test("that wants what it was given is not asked for again", async () => {
    await using house = await setUp();
    house.emulator.state.scope = "read";
    await house.signedIn(house.server, house.scope);
    await house.tokens.wantMore(house.server, house.holder, ["read"]);

    expect(await house.signIn.start(house.asked, house.signal)).toMatchObject({
      kind: "failed",
      says: expect.stringContaining("keeps asking"),
    });
  });

  test("that wants more each time is given up after three, for an hour", async () => {
    await using house = await setUp();
    await wantMoreAndSignIn(house, "one");
    await wantMoreAndSignIn(house, "two");
    await wantMoreAndSignIn(house, "three");
    await house.tokens.wantMore(house.server, house.holder, ["four"]);

    expect(await house.signIn.start(house.asked, house.signal)).toMatchObject({ kind: "failed" });
    house.advance(HOUR_MS + 1);
    expect(await house.signIn.start(house.asked, house.signal)).toMatchObject({ kind: "link" });
  });
});

type House = Awaited<ReturnType<typeof setUp>>;

async function wantMoreAndSignIn(house: House, scope: string): Promise<void> {
  await house.tokens.wantMore(house.server, house.holder, [scope]);
  await house.signedIn(house.server, house.scope);
}

/** As the transport does. */
async function call({ authFor, server, holder, emulator }: House): Promise<Response> {
  const auth = authFor({ server, holder });
  const send = watchScopes(createCappedFetch(fetch, new URL(emulator.url), {}), auth);
  const headers = { authorization: `Bearer ${await auth?.token()}` };
  return await send(emulator.url, { method: "POST", headers });
}
