import { describe, expect, test } from "vitest";
import { errorBody } from "../../../test/emulators/google/answers.ts";
import { addFile } from "../../../test/emulators/google/state.ts";
import { openGoogle } from "../../../test/open-google.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import type { Scope } from "../../core/principal.ts";
import { createGoogleFetch } from "./google-fetch.ts";
import { googleGoodbye } from "./goodbye.ts";

const store = share(openEmbeddedStore);
const google = share(() => openGoogle(store()));

const LIST = "google_calendar_list_calendars";
const CALENDARS = /^GET \/calendar\/v3\/users\/me\/calendarList$/;
const HOUR_MS = 3_600_000;

/** Connected with a token that is as good as over. */
async function withOldToken() {
  google().state.tokenSeconds = 30;
  const scope = await google().connected();
  google().state.tokenSeconds = 3_600;
  return scope;
}

const soon = () => new AbortController().signal;
const list = (scope: Parameters<ReturnType<typeof google>["run"]>[2]) =>
  google().run(LIST, {}, scope);

describe("a person's connection", () => {
  test("20 calls with a token that has run out make one refresh, and it may replace what refreshes", async () => {
    const { state, run, pauses } = google();
    const scope = await withOldToken();
    const before = state.refreshes;
    pauses.length = 0;
    state.isRotating = true;

    const outputs = await Promise.all(
      Array.from({ length: 20 }, () => run("google_calendar_list_calendars", {}, scope)),
    );
    state.isRotating = false;

    expect(outputs.filter(({ isError }) => isError)).toEqual([]);
    expect(state.refreshes - before).toBe(1);
    // They share it; nobody waited for a lock.
    expect(pauses).toEqual([]);
  });

  test("a second process waits for the one that refreshes, and takes what it got", async () => {
    const { state, accounts, pauses } = google();
    const scope = await withOldToken();
    pauses.length = 0;
    const person = scope.principal.userId;
    const before = state.refreshes;
    const busy = Promise.withResolvers<void>();
    const elsewhere = accounts.change(
      person,
      async (found) => {
        await busy.promise;
        if (found.kind !== "found") return "same";
        const [token = ""] = [...state.tokens.keys()].slice(-1);
        return { ...found.account, accessToken: token, expiresAt: Date.now() + 9 * HOUR_MS };
      },
      soon(),
    );

    const waiting = list(scope);
    await expect.poll(() => pauses.length).toBeGreaterThan(0);
    busy.resolve();
    await elsewhere;

    expect((await waiting).isError).toBeUndefined();
    expect(state.refreshes).toBe(before);
  });

  test("a token that Google does not take any more is replaced, and the call made once more", async () => {
    const { state, run, connected } = google();
    const scope = await connected();
    state.tokens.clear();

    const made = await run("google_docs_create", { title: "once" }, scope);

    expect(made.isError).toBeUndefined();
    expect([...state.files.values()].filter(({ name }) => name === "once")).toHaveLength(1);
  });

  test("what was taken back at Google is noticed, said, and not asked again and again", async () => {
    const { state, run, connected, connection } = google();
    const scope = await connected();
    for (const grant of state.grants.values()) grant.isRevoked = true;

    const output = await list(scope);
    const asked = state.requests.length;
    const again = await list(scope);

    expect(output).toMatchObject({
      isError: true,
      text: expect.stringMatching(/taken back.*google_connect/),
    });
    expect(again.text).toBe(output.text);
    expect(state.requests.length).toBe(asked);
    expect(await connection.status(scope)).toMatchObject({ kind: "revoked" });
    expect((await run("google_status", {}, scope)).text).toContain("no longer accepts");
  });

  test("disconnecting takes it back at Google and forgets it; so does forgetting the person", async () => {
    const { state, connected, connection } = google();
    const scope = await connected();
    const owner = { kind: "person", userId: scope.principal.userId } as const;

    expect(await connection.disconnect(scope, soon())).toEqual({
      kind: "disconnected",
      isRevoked: true,
    });
    expect([...state.grants.values()].at(-1)?.isRevoked).toBe(true);
    expect(await store().secrets.names(owner)).toEqual([]);
    expect((await list(scope)).text).toContain("has not connected Google");
    expect(await connection.disconnect(scope, soon())).toEqual({ kind: "nothing" });

    const other = await connected();
    const key = `person:${other.principal.userId}`;
    await store().query("delete from secrets where owner = $1", [key]);
    expect(await connection.status(other)).toEqual({ kind: "nothing" });
  });

  /** Whoever this is connects once more, as that account at Google. */
  async function again(scope: Scope, email: string) {
    const { state, connection, browser } = google();
    const was = state.email;
    state.email = email;
    const ended = await browser().through(await connection.link(scope));
    state.email = was;
    expect(ended.text).toContain("Connected");
  }

  test.each([
    ["confirms it", 0],
    ["has trouble", 9],
  ])(
    "another account takes the place of the first, which is taken back at Google (which %s), with its places",
    async (_, times) => {
      const { state, connected, connection } = google();
      const scope = await connected();
      const channel = newChannel().scope(scope.principal.userId.replace("discord:", ""));
      await connection.allowHere(channel, true);
      const first = [...state.grants.values()].at(-1);
      state.faults.push({ on: /^POST \/revoke/, status: 503, body: "oh", times });

      await again(scope, "other@example.com");
      state.faults.length = 0;

      expect(first?.isRevoked).toBe(times === 0);
      expect([...state.grants.values()].at(-1)?.isRevoked).toBe(false);
      expect(await connection.status(channel)).toMatchObject({
        email: "other@example.com",
        isAllowedHere: false,
      });
      expect((await list(scope)).isError).toBeUndefined();
    },
  );

  test("who connects the same account again keeps its places, and nothing is taken back", async () => {
    const { state, connected, connection } = google();
    const scope = await connected();
    const channel = newChannel().scope(scope.principal.userId.replace("discord:", ""));
    await connection.allowHere(channel, true);
    const before = state.requests.length;

    await again(scope, "Ana@example.com");

    expect(await connection.status(channel)).toMatchObject({
      kind: "connected",
      isAllowedHere: true,
    });
    // Google would take back the new one with the old one: it knows one agreement for each account.
    expect(state.requests.slice(before).filter((each) => each.includes("/revoke"))).toEqual([]);
  });

  test("a goodbye that Google does not confirm is heard of, and forgets the tokens all the same", async () => {
    const { state, connected, connection } = google();
    const [scope, { leave }] = [await connected(), googleGoodbye(connection)];
    state.faults.push({ on: /^POST \/revoke/, status: 503, body: "oh", times: 9 });

    await expect(leave(scope, soon())).rejects.toThrow("did not confirm");
    state.faults.length = 0;

    expect(await connection.status(scope)).toEqual({ kind: "nothing" });
    await expect(leave(scope, soon())).resolves.toBeUndefined();
  });

  test("no token stands in the database to be read", async () => {
    await google().connected();

    const rows = await store().query(
      "select * from secrets union all select owner, name, id_hash, '', expires_at from google_links",
    );

    expect(JSON.stringify(rows)).not.toMatch(/access-g|refresh-g/);
    expect(rows.length).toBeGreaterThan(0);
  });

  test("where others read along it stays closed, until its owner allows that very place", async () => {
    const { connected, connection } = google();
    const { principal } = await connected();
    const [here, there] = [newChannel(), newChannel()];
    const name = principal.userId.replace("discord:", "");
    const scope = here.scope(name);

    expect(await list(scope)).toMatchObject({
      isError: true,
      text: expect.stringContaining("Others read along"),
    });
    expect(await connection.allowHere(scope, true)).toBe(true);

    expect((await list(scope)).text).toContain("Holidays");
    expect((await list(there.scope(name))).isError).toBe(true);
    expect((await list(here.scope(newName("ben")))).text).toContain("has not connected");
    await connection.allowHere(scope, false);
    expect((await list(scope)).isError).toBe(true);
  });

  test("a link is not given where others read along", async () => {
    const scope = newChannel().scope(newName("ana"));

    expect(await google().run("google_connect", {}, scope)).toMatchObject({
      isError: true,
      text: expect.not.stringContaining("http"),
    });
  });

  test("what was not ticked on Google's page is said before anything is asked", async () => {
    const { state, connected, run } = google();
    state.ticked = ["openid", "https://www.googleapis.com/auth/calendar"];
    const scope = await connected();
    state.ticked = null;

    expect((await run("google_docs_create", { title: "x" }, scope)).text).toMatch(
      /^Google Docs was not allowed/,
    );
    expect((await list(scope)).isError).toBeUndefined();
  });
});

const fault = (status: number, body: unknown, more: object = {}) =>
  google().state.faults.push({ on: CALENDARS, status, body, times: 1, ...more });

describe("when Google says no,", () => {
  test.each([
    [
      "the scope is missing",
      403,
      errorBody(403, "insufficientPermissions", ""),
      /everything on Google's page has to be ticked/,
    ],
    ["the API is off", 403, errorBody(403, "accessNotConfigured", ""), /docs\/GOOGLE\.md/],
    [
      "a quota is used up",
      403,
      errorBody(403, "storageQuotaExceeded", ""),
      /limit at Google is reached/,
    ],
    ["it is somebody else's", 403, errorBody(403, "forbidden", ""), /may not do that/],
    ["there is no such thing", 404, errorBody(404, "notFound", ""), /nothing there under that id/],
    ["the request is wrong", 400, errorBody(400, "badRequest", "Bad range"), /\(400\): Bad range$/],
    ["the answer is a page", 200, "<html>hello</html>", /could not be read/],
    ["the answer is broken JSON", 200, '{"items":[', /could not be read/],
    [
      "too much was asked, for long",
      429,
      errorBody(429, "rateLimitExceeded", ""),
      /Try again in 3600 s/,
      { headers: { "retry-after": "3600" } },
    ],
    ["it has trouble, for long", 503, "oh", /trouble of its own \(503\)\. Try again/, { times: 3 }],
  ] as const)("since %s, the words say what to do", async (...[, status, body, words, more]) => {
    const scope = await google().connected();
    fault(status, body, more ?? {});

    const output = await list(scope);

    expect(output).toMatchObject({ isError: true, text: expect.stringMatching(words) });
    expect(google().state.faults.every(({ times }) => times === 0)).toBe(true);
  });

  test("reads are tried again: as long after as it says, or a little longer each time", async () => {
    const { pauses, connected } = google();
    const scope = await connected();
    pauses.length = 0;
    fault(429, errorBody(429, "rateLimitExceeded", ""), { headers: { "retry-after": "2" } });
    fault(403, errorBody(403, "userRateLimitExceeded", ""));

    expect((await list(scope)).isError).toBeUndefined();
    expect(pauses).toEqual([2_000, 750]);
  });

  test("what changes something is made once, and said to be uncertain", async () => {
    const { state, connected, run } = google();
    const scope = await connected();
    state.faults.push({ on: /^POST \/v1\/documents$/, status: 503, body: "", times: 1 });
    const before = state.requests.length;

    const output = await run("google_docs_create", { title: "twice?" }, scope);

    expect(output.text).toContain("It may have happened all the same");
    expect(state.requests.slice(before)).toEqual(["POST /v1/documents"]);
  });

  test.each([
    ["the house asks too often", "too-many-requests", /^Wait a bit\.$/],
    ["nothing came back", "unreachable", /^Wait a bit\. It may have happened/],
  ] as const)(
    "what was to change something says truly whether it may have: %s",
    async (...given) => {
      const [, problem, words] = given;
      const fetch = createGoogleFetch(
        {
          fetch: async () => ({ kind: "failure", problem, says: "Wait a bit." }),
          pause: async () => {},
          random: () => 0.5,
        },
        { hosts: google().emulator.hosts("site.test"), person: null, signal: soon(), token: null },
      );
      const url = google().emulator.hosts("site.test").tokenUrl;

      await expect(fetch(url, { method: "POST" })).rejects.toThrow(words);
    },
  );

  test("a file that others made is not changed, and why is said", async () => {
    const { state, connected, run } = google();
    const { id } = addFile(state, { name: "theirs" });

    const output = await run("google_drive_delete", { file_id: id }, await connected());

    expect(output.text).toContain("only files that I made myself");
    expect(state.files.get(id)?.trashed).toBe(false);
  });

  test("a refresh that fails for now takes nothing away", async () => {
    const { state, connection } = google();
    const scope = await withOldToken();
    state.faults.push({ on: /^POST \/token$/, status: 503, body: "", times: 1 });

    expect((await list(scope)).text).toContain("Try again in some minutes");
    expect(await connection.status(scope)).toMatchObject({ kind: "connected" });
    expect((await list(scope)).isError).toBeUndefined();
  });

  test("nothing of anybody's goes elsewhere than to Google", async () => {
    const { isGoogles, GOOGLE } = await import("./services.ts");
    const goes = (url: string) => isGoogles(GOOGLE, new URL(url));

    expect(
      ["https://sheets.googleapis.com/v4", "https://oauth2.googleapis.com/token"].map(goes),
    ).toEqual([true, true]);
    expect(
      [
        "http://sheets.googleapis.com/v4",
        "https://googleapis.com.evil.test/",
        "https://evilgoogleapis.com/",
        "https://accounts.google.com.evil.test/",
      ].filter(goes),
    ).toEqual([]);
  });
});

test("somebody who never connected is told how", async () => {
  const name = newName("ana");

  expect((await list(newDm(name).scope(name))).text).toContain("Offer google_connect");
});
