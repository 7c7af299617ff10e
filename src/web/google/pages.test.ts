import { describe, expect, test } from "vitest";
import { openGoogle, WINDOW } from "../../../test/open-google.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newDm, newName } from "../../../test/talk.ts";
import type { Scope } from "../../core/principal.ts";

const store = share(openEmbeddedStore);
const google = share(() => openGoogle(store()));

/** Somebody who was given a link. */
async function asker(change: { readonly displayName?: string } = {}) {
  const name = newName("ana");
  const scope: Scope = newDm(name).scope(name, change);
  return { scope, link: await google().connection.link(scope) };
}
const status = async (scope: Scope) => (await google().connection.status(scope)).kind;
const stateIn = (url: string) => new URL(url).searchParams.get("state") ?? "";

describe("connecting Google in the browser", () => {
  test("asks who it is, goes to Google, and says what happened", async () => {
    const { scope, link } = await asker({ displayName: "Ana <b>" });
    const browser = google().browser();

    const asked = await browser.ask(link);
    expect(asked.text).toContain("Ana &lt;b&gt;");
    expect(asked.text).toContain("Is that you?");
    expect(asked.headers.get("content-security-policy")).toMatch(
      /form-action 'self' http:\/\/site\.test/,
    );
    expect(asked.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Lax/);
    const ended = await browser.through(link);

    expect(ended).toMatchObject({
      status: 200,
      text: expect.stringMatching(/Connected[^]*ana@example\.com/),
    });
    expect(await status(scope)).toBe("connected");
  });

  test("looking at the page, as a preview of the link does, uses nothing up", async () => {
    const { scope, link } = await asker();
    for (let index = 0; index < 3; index++) await google().browser().ask(link);

    expect((await google().browser().through(link)).status).toBe(200);
    expect(await status(scope)).toBe("connected");
  });

  test("a form of another site leads nowhere: it has no cookie, or knows no challenge", async () => {
    const { link } = await asker();
    const browser = google().browser();

    expect(await browser.press(link, "x".repeat(43))).toMatchObject({
      status: 403,
      location: null,
    });
    const challenge = browser.challengeIn(await browser.ask(link));
    expect(await browser.press(link, "")).toMatchObject({ status: 403, location: null });
    expect(await google().browser().press(link, challenge)).toMatchObject({ status: 403 });
    expect(await browser.press(link, challenge)).toMatchObject({ status: 303 });
  });

  test.each([
    ["far too long", 413, new URLSearchParams({ challenge: "x".repeat(5_000) })],
    ["broken", 403, new Blob(["no parts"], { type: "multipart/form-data; boundary=x" })],
    ["of a type that says nothing", 403, new Blob(["x"], { type: "multipart/form-data" })],
  ])("a form that is %s ends as a page, and in no error of the log", async (_, code, body) => {
    const { link } = await asker();
    const browser = google().browser();
    await browser.ask(link);

    const answer = await browser.ask(link, { method: "POST", body });

    expect(answer).toMatchObject({
      status: code,
      text: expect.stringContaining("Nothing was connected"),
    });
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("what began in one person's browser does not end in another's", async () => {
    const [victim, attacker] = [await asker(), await asker()];
    const [own, others] = [google().browser(), google().browser()];
    const back = await own.toGoogle(attacker.link);
    // The other one is on a way of his own, so that his browser has a cookie.
    const othersBack = await others.toGoogle(victim.link);

    expect(await others.ask(back)).toMatchObject({
      status: 403,
      text: expect.stringContaining("another browser"),
    });
    expect(await google().browser().ask(back)).toMatchObject({ status: 403 });
    const swapped = new URL(othersBack);
    swapped.searchParams.set("state", stateIn(back));
    expect(await others.ask(swapped.href)).toMatchObject({ status: 403 });
    expect([await status(victim.scope), await status(attacker.scope)]).toEqual([
      "nothing",
      "nothing",
    ]);
  });

  test("a code of another sign-in is not taken", async () => {
    const [one, other] = [await asker(), await asker()];
    const browser = google().browser();
    const foreign = new URL(await google().browser().toGoogle(other.link)).searchParams.get("code");
    const back = new URL(await browser.toGoogle(one.link));
    back.searchParams.set("code", foreign ?? "");

    expect(await browser.ask(back.href)).toMatchObject({
      status: 502,
      text: expect.stringContaining("Nothing was connected"),
    });
    expect(await status(one.scope)).toBe("nothing");
  });

  test("an answer is taken once; forged and empty ones never", async () => {
    const { scope, link } = await asker();
    const browser = google().browser();
    const back = await browser.toGoogle(link);
    expect((await browser.ask(back)).status).toBe(200);
    await google().connection.disconnect(scope, new AbortController().signal);

    expect(await browser.ask(back)).toMatchObject({
      status: 400,
      text: expect.stringContaining("Nobody is waiting"),
    });
    const callback = `${WINDOW}/oauth/google/callback`;
    for (const query of [
      "?state=forged&code=x",
      "?code=x",
      "?state=x",
      "",
      `?code=x&state=${"a".repeat(3_000)}`,
    ])
      expect((await browser.ask(callback + query)).status).toBe(400);
    expect(await status(scope)).toBe("nothing");
    expect(await browser.ask(link)).toMatchObject({
      status: 410,
      text: expect.stringContaining("This link is over"),
    });
  });

  test("after ten minutes neither the link nor the answer is good", async () => {
    const [late, later] = [await asker(), await asker()];
    const browser = google().browser();
    const back = await browser.toGoogle(late.link);
    google().advance(10 * 60_000 + 1);

    expect(await browser.ask(back)).toMatchObject({
      status: 410,
      text: expect.stringContaining("took too long"),
    });
    expect((await browser.ask(later.link)).status).toBe(410);
    expect(await status(late.scope)).toBe("nothing");
    google().advance(-10 * 60_000 - 1);
  });

  test("a newer link takes the place of the older one, and a guess opens nothing", async () => {
    const { scope, link } = await asker();
    const newer = await google().connection.link(scope);

    expect((await google().browser().ask(link)).status).toBe(410);
    expect((await google().browser().ask(newer)).status).toBe(200);
    expect((await google().browser().ask(`${WINDOW}/oauth/google/start/guess`)).status).toBe(410);
  });

  test("who says no at Google reads that nothing was connected", async () => {
    const { scope, link } = await asker();
    const browser = google().browser();
    const state = stateIn(await browser.toGoogle(link));

    const ended = await browser.ask(
      `${WINDOW}/oauth/google/callback?error=access_denied&state=${state}`,
    );

    expect(ended).toMatchObject({
      status: 200,
      text: expect.stringContaining("You said no at Google"),
    });
    expect(await status(scope)).toBe("nothing");
  });

  test.each([
    ["invalid_client", 401, { error: "invalid_client" }, /GOOGLE_CLIENT_SECRET/],
    ["trouble at Google", 503, "oh", /Try again in some minutes/],
    ["an answer that is none", 200, "<html>", /could not be read/],
  ])("%s is said in words", async (_, code, body, words) => {
    const { scope, link } = await asker();
    const browser = google().browser();
    const back = await browser.toGoogle(link);
    google().state.faults.push({ on: /^POST \/token$/, status: code, body, times: 1 });

    expect(await browser.ask(back)).toMatchObject({
      status: 502,
      text: expect.stringMatching(words),
    });
    expect(await status(scope)).toBe("nothing");
  });

  test("what was not ticked is named", async () => {
    const { link } = await asker();
    google().state.ticked = ["https://www.googleapis.com/auth/calendar"];

    const ended = await google().browser().through(link);
    google().state.ticked = null;

    expect(ended.text).toMatch(/will not work: Google Drive, Google Sheets, Google Docs/);
  });
});
