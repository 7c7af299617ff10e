import { describe, expect, test } from "vitest";
import { openSignInEmulator } from "../../../test/emulators/mcp-sign-in/index.ts";
import { MCP_WINDOW, openMcpSignIn } from "../../../test/open-mcp-sign-in.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";

const store = share(openEmbeddedStore);

const NO_WINDOW = { windowUrl: null, localUrl: "http://localhost:8001" };

/** A hosted server, Clara, and somebody who may sign in. */
async function setUp(ways?: typeof NO_WINDOW) {
  const emulator = await openSignInEmulator();
  const clara = openMcpSignIn(store(), [emulator.port], ways);
  const server = await clara.added(emulator.url);
  const scope = clara.someone();
  const asked = { scope, server, isManager: false };
  const start = () => clara.signIn.start(asked, clara.signal);
  const status = async () => (await clara.signIn.status(asked)).kind;
  return {
    ...clara,
    emulator,
    server,
    scope,
    asked,
    start,
    status,
    async link() {
      const started = await start();
      if (started.kind !== "link") throw new Error(JSON.stringify(started));
      return started.url;
    },
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

const codeIn = (url: string) => new URL(url).searchParams.get("code") ?? "";

describe("signing in to a hosted server in the browser", () => {
  test("says who it is for and who asks next, and ends with a token of that person's", async () => {
    await using house = await setUp();
    const link = await house.link();
    const browser = house.browser();

    const asked = await browser.ask(link);
    const ended = await browser.through(link);

    expect(asked.text).toContain(`localhost:${house.emulator.port}`);
    expect(asked.text).toContain("Is that you?");
    expect(ended).toMatchObject({ status: 200, text: expect.stringContaining("Signed in") });
    expect(await house.status()).toBe("signed-in");
    expect(house.changes).toHaveLength(1);
    const holder = { kind: "person", userId: house.scope.principal.userId } as const;
    expect(await house.newTokens().token(house.server, holder, null)).toMatch(/^access-/);
  });

  test("what is kept is sealed: no token and no verifier is readable in the database", async () => {
    await using house = await setUp();
    await house.link();
    const begun = await store().query("select * from mcp_sign_ins");
    await house.signedIn(house.server, house.scope);

    const kept = await store().query("select * from secrets");

    const verifiers = house.emulator.asked.map(({ form }) => form["code_verifier"] ?? "-none-");
    expect(JSON.stringify(kept)).not.toMatch(/access-|refresh-/);
    expect(verifiers.some((each) => JSON.stringify(begun).includes(each))).toBe(false);
    expect(JSON.stringify(begun)).not.toContain("authorize");
  });

  test("nobody ends in his browser what another began in his", async () => {
    await using house = await setUp();
    const [own, others] = [house.browser(), house.browser()];
    const back = await own.toOther(await house.link());
    await others.ask(back);

    expect(await own.ask(back)).toMatchObject({ status: 400 });
    expect(await house.status()).toBe("signed-out");
    expect(house.emulator.count("/token")).toBe(0);
  });

  test("a form without the cookie of that browser leads nowhere", async () => {
    await using house = await setUp();
    const link = await house.link();
    const browser = house.browser();
    const challenge = browser.challengeIn(await browser.ask(link));

    expect(await house.browser().press(link, challenge)).toMatchObject({ status: 403 });
    expect(await browser.press(link, challenge)).toMatchObject({ status: 303 });
  });

  test("a state is taken once, and one that nobody gave out is not taken", async () => {
    await using house = await setUp();
    const browser = house.browser();
    const back = await browser.toOther(await house.link());
    expect(await browser.ask(back)).toMatchObject({ status: 200 });

    expect(await browser.ask(back)).toMatchObject({ status: 400 });
    const forged = new URL(back);
    forged.searchParams.set("state", "forged");
    expect(await browser.ask(forged.href)).toMatchObject({ status: 400 });
    expect(house.emulator.count("/token")).toBe(1);
  });

  test("ten minutes later both ways are over", async () => {
    await using house = await setUp();
    const link = await house.link();
    const browser = house.browser();
    const back = await browser.toOther(link);
    house.advance(10 * 60_000);

    expect(await browser.ask(back)).toMatchObject({
      status: 410,
      text: expect.stringContaining("took too long"),
    });
    expect(await house.browser().ask(link)).toMatchObject({ status: 410 });
    expect(await house.status()).toBe("signed-out");
  });

  test("who says no there is told that nothing has changed", async () => {
    await using house = await setUp();
    house.emulator.state.back = { code: null, error: "access_denied" };

    const ended = await house.browser().through(await house.link());

    expect(ended).toMatchObject({ status: 200, text: expect.stringContaining("You said no") });
    expect(await house.status()).toBe("signed-out");
  });

  test.each([
    ["a code with another issuer", { iss: "https://evil.example" }],
    ["a code without the issuer that was promised", { iss: null }],
    ["a refusal of another issuer", { iss: "https://evil.example", code: null, error: "no" }],
  ])("%s is not accepted, and its code goes nowhere", async (_, back) => {
    await using house = await setUp();
    house.emulator.state.back = back;

    const ended = await house.browser().through(await house.link());

    expect(ended).toMatchObject({
      status: 502,
      text: expect.stringContaining("another sign-in server"),
    });
    expect(house.emulator.count("/token")).toBe(0);
  });

  test("a code of another sign-in does not open this one: PKCE binds them", async () => {
    await using house = await setUp();
    const other = house.someone();
    const browser = house.browser();
    const begun = await house.signIn.start({ ...house.asked, scope: other }, house.signal);
    if (begun.kind !== "link") throw new Error(begun.kind);
    const stolen = codeIn(await house.browser().toOther(begun.url));
    const back = new URL(await browser.toOther(await house.link()));
    back.searchParams.set("code", stolen);

    expect(await browser.ask(back.href)).toMatchObject({
      status: 502,
      text: expect.stringContaining("invalid_grant"),
    });
    expect(await house.status()).toBe("signed-out");
  });

  test("a server that was moved meanwhile gets no token", async () => {
    await using house = await setUp();
    const browser = house.browser();
    const back = await browser.toOther(await house.link());
    const { launch } = house.server;
    if (launch.kind !== "http") throw new Error(launch.kind);
    await store().mcpServers.change(house.server.id, {
      launch: { ...launch, url: "http://localhost:1/mcp" },
    });

    expect(await browser.ask(back)).toMatchObject({ status: 502 });
    expect(house.emulator.count("/token")).toBe(0);
  });
});

describe("signing in without a window", () => {
  test("the browser comes back to this machine, and its address is pasted", async () => {
    await using house = await setUp(NO_WINDOW);
    const link = await house.link();
    const response = await fetch(link, { redirect: "manual" });
    const back = response.headers.get("location") ?? "";

    const ended = await house.signIn.complete(house.asked, `<${back}>`, house.signal);

    expect(new URL(back).host).toBe("localhost:8001");
    expect(ended).toMatchObject({ kind: "signed-in" });
    expect(await house.status()).toBe("signed-in");
  });

  test("the page that a browser may end on says to copy, and ends nothing", async () => {
    await using house = await setUp(NO_WINDOW);
    const response = await fetch(await house.link(), { redirect: "manual" });
    const back = response.headers.get("location") ?? "";

    const shown = await house.browser().ask(back);

    expect(shown).toMatchObject({ status: 200, text: expect.stringContaining("Copy the whole") });
    expect(await house.status()).toBe("waiting");
    expect(await house.signIn.complete(house.asked, back, house.signal)).toMatchObject({
      kind: "signed-in",
    });
  });

  test("nobody can paste for somebody else", async () => {
    await using house = await setUp(NO_WINDOW);
    const response = await fetch(await house.link(), { redirect: "manual" });
    const back = response.headers.get("location") ?? "";
    const other = { ...house.asked, scope: house.someone() };

    expect(await house.signIn.complete(other, back, house.signal)).toEqual({ kind: "unknown" });
    expect(await house.status()).toBe("waiting");
  });

  test("the code alone is not enough where the sign-in server names itself in the address", async () => {
    await using house = await setUp(NO_WINDOW);
    const response = await fetch(await house.link(), { redirect: "manual" });
    const code = codeIn(response.headers.get("location") ?? "");

    expect(await house.signIn.complete(house.asked, code, house.signal)).toMatchObject({
      kind: "failed",
    });
    expect(house.emulator.count("/token")).toBe(0);
  });

  test.each([
    ["an address of another sign-in", "http://localhost:8001/oauth/mcp/callback?code=x&state=y"],
    ["words", "I did it"],
    ["an address without a code", "http://localhost:8001/oauth/mcp/callback?state=y"],
  ])("%s is refused, and what was begun can still be ended", async (_, text) => {
    await using house = await setUp(NO_WINDOW);
    await house.link();

    expect(await house.signIn.complete(house.asked, text, house.signal)).toMatchObject({
      kind: "failed",
    });
    expect(await house.status()).toBe("waiting");
  });
});

describe("what a server may say about signing in", () => {
  test.each([
    ["no word of PKCE", { code_challenge_methods_supported: undefined }, /PKCE/],
    ["PKCE without S256", { code_challenge_methods_supported: ["plain"] }, /PKCE/],
    ["javascript:", { authorization_endpoint: "javascript:alert(1)" }, /./],
    ["file:", { authorization_endpoint: "file:///etc/passwd" }, /./],
    ["no encryption", { authorization_endpoint: "http://evil.example/a" }, /not encrypted/],
    ["tokens without encryption", { token_endpoint: "http://evil.example/t" }, /not encrypted/],
    ["another issuer", { issuer: "https://evil.example" }, /another sign-in server/],
  ])("%s: nothing is begun, and nobody registers", async (_, server, says) => {
    await using house = await setUp();
    house.emulator.state.server = server;

    expect(await house.start()).toMatchObject({
      kind: "failed",
      says: expect.stringMatching(says),
    });
    expect(house.emulator.count("/register")).toBe(0);
  });

  test.each([
    ["the cloud's own", "http://169.254.169.254/latest/meta-data"],
    ["this machine's", "http://127.0.0.1:5432/"],
    ["a private one", "https://10.0.0.1/meta"],
    ["no address at all", "file:///etc/passwd"],
  ])("an address within our own networks is not asked: %s", async (_, resourceMetadata) => {
    await using house = await setUp();
    house.emulator.state.resourceMetadata = resourceMetadata;

    expect(await house.start()).toMatchObject({ kind: "failed" });
    expect(house.emulator.count("/register")).toBe(0);
  });

  test("what is about another server is refused, so that no token of one comes to the other", async () => {
    await using house = await setUp();
    await using hostile = await openSignInEmulator();
    const clara = openMcpSignIn(store(), [house.emulator.port, hostile.port]);
    const server = await clara.added(hostile.url);
    hostile.state.resourceMetadata = `${house.emulator.origin}/.well-known/oauth-protected-resource/mcp`;

    const started = await clara.signIn.start({ ...house.asked, server }, clara.signal);

    expect(started).toMatchObject({
      kind: "failed",
      says: expect.stringContaining("about another server"),
    });
    expect(house.emulator.count("/register")).toBe(0);
  });

  test("one that did not answer is not taken for one of before servers described themselves", async () => {
    await using house = await setUp();
    house.emulator.state.isHidden = true;
    house.emulator.state.isGarbled = true;

    expect(await house.start()).toMatchObject({
      kind: "failed",
      says: expect.stringContaining("did not say who signs people in"),
    });
    expect(house.emulator.count("/register")).toBe(0);
  });

  test("one of before servers described themselves is signed in to at its own address", async () => {
    await using house = await setUp();
    house.emulator.state.isHidden = true;

    expect(await house.start()).toMatchObject({ kind: "link" });
    expect(house.emulator.count("/register")).toBe(1);
  });

  test("where nobody may register, the manager is told what to do, and what he enters is used", async () => {
    await using house = await setUp();
    house.emulator.state.server = { registration_endpoint: undefined };
    const refused = await house.start();
    const { origin: issuer } = house.emulator;
    const client = { issuer, clientId: "by-hand", clientSecret: "s3cret" };

    const kept = await house.credentials.setClient({ ...house.asked, isManager: true }, client);
    await house.signedIn(house.server, house.scope);

    expect(refused).toMatchObject({ kind: "failed", says: expect.stringContaining("by hand") });
    expect(kept).toEqual({ kind: "kept" });
    expect(house.emulator.asked.at(-1)?.form).toMatchObject({
      client_id: "by-hand",
      client_secret: "s3cret",
    });
  });

  test("a client of one sign-in server is never shown to another", async () => {
    await using house = await setUp();
    const client = { issuer: "https://auth.example.com", clientId: "mine", clientSecret: "s" };
    await house.credentials.setClient({ ...house.asked, isManager: true }, client);

    await house.signedIn(house.server, house.scope);

    const sent = JSON.stringify(house.emulator.asked);
    expect(sent).not.toContain('"mine"');
    expect(house.emulator.count("/register")).toBe(1);
  });

  test("one registration serves everybody", async () => {
    await using house = await setUp();

    await Promise.all([1, 2, 3].map(() => house.signedIn(house.server)));

    expect(house.emulator.count("/register")).toBe(1);
  });

  test("a registration that is down is said in words", async () => {
    await using house = await setUp();
    house.emulator.state.registers = false;

    expect(await house.start()).toMatchObject({
      kind: "failed",
      says: expect.stringContaining("did not let me register (403)"),
    });
  });
});

describe("who may sign in", () => {
  test("two people at one server have tokens of their own", async () => {
    await using house = await setUp();
    const one = await house.signedIn(house.server);
    const other = await house.signedIn(house.server);
    const tokens = house.newTokens();

    const [first, second] = await Promise.all([
      tokens.token(house.server, one.holder, null),
      tokens.token(house.server, other.holder, null),
    ]);

    expect(first).not.toBe(second);
    expect(await house.status()).toBe("signed-out");
  });

  test("where the credentials are the owner's, only a manager can", async () => {
    await using house = await setUp();
    const server = await house.added(house.emulator.url, { auth: "owner" });
    const asked = { ...house.asked, server };

    expect(await house.signIn.start(asked, house.signal)).toEqual({ kind: "not-yours" });
    expect(await house.signIn.status(asked)).toEqual({ kind: "not-yours" });
    expect(await house.signIn.signOut(asked, house.signal)).toEqual({ kind: "not-yours" });
    await house.signedIn(server, house.scope, true);
    expect(await house.newTokens().token(server, { kind: "operator" }, null)).toMatch(/^access-/);
  });

  test("a newer link takes the place of an earlier one", async () => {
    await using house = await setUp();
    const earlier = await house.link();
    const newer = await house.link();

    expect(await house.browser().ask(earlier)).toMatchObject({ status: 410 });
    expect(await house.browser().ask(newer)).toMatchObject({ status: 200 });
    expect(newer.startsWith(`${MCP_WINDOW}/oauth/mcp/start/`)).toBe(true);
  });
});

describe("signing out", () => {
  test("tells the sign-in server, and forgets the token", async () => {
    await using house = await setUp();
    const { holder } = await house.signedIn(house.server, house.scope);

    const out = await house.signIn.signOut(house.asked, house.signal);

    expect(out).toEqual({ kind: "signed-out", isRevoked: true });
    expect(house.emulator.asked.at(-1)?.form["token"]).toMatch(/^refresh-/);
    await expect(house.newTokens().token(house.server, holder, null)).rejects.toMatchObject({
      kind: "needs-sign-in",
    });
    expect(await house.signIn.signOut(house.asked, house.signal)).toEqual({ kind: "nothing" });
  });

  test("forgets it here also when the sign-in server is away", async () => {
    await using house = await setUp();
    await house.signedIn(house.server, house.scope);
    await house.emulator[Symbol.asyncDispose]();

    expect(await house.signIn.signOut(house.asked, house.signal)).toEqual({
      kind: "signed-out",
      isRevoked: false,
    });
    expect(await house.status()).toBe("signed-out");
  });
});

describe("a token that is entered by hand", () => {
  test("is used as it is", async () => {
    await using house = await setUp();
    const token = { accessToken: "by-hand", refreshToken: null };

    const kept = await house.credentials.setToken(house.asked, token, house.signal);

    const holder = { kind: "person", userId: house.scope.principal.userId } as const;
    expect(kept).toEqual({ kind: "kept" });
    expect(await house.newTokens().token(house.server, holder, null)).toBe("by-hand");
    expect(await house.signIn.status(house.asked)).toMatchObject({
      kind: "signed-in",
      how: "by-hand",
    });
  });

  test.each([["two\r\nlines: x"], ["Bearer abc"], [""], ["x".repeat(20_000)], ["tökén"]])(
    "that cannot be sent is refused: %j",
    async (accessToken) => {
      await using house = await setUp();
      const token = { accessToken, refreshToken: null };

      const kept = await house.credentials.setToken(house.asked, token, house.signal);

      expect(kept).toMatchObject({ kind: "failed" });
      expect(await house.status()).toBe("signed-out");
    },
  );
});
