import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { anthropic, API_KEY, openai, openrouter, PATIENT } from "../../test/llm/dialects.ts";
import {
  cutsAfter,
  openProviderServer,
  pausesIn,
  refuses,
  sends,
  stallsAfter,
  tricklesEvery,
  untilHungUp,
} from "../../test/llm/provider-server.ts";
import { ask, collect, collectUntilFailure, endOf, textOf } from "../../test/llm/requests.ts";

const DIALECTS = [anthropic, openai, openrouter];

/** Words with characters of two, three and four bytes. */
const WORDS = ["Grüße, ", "世界 — ", "🦉👩‍👩‍👧", "\nund Schluß."];

describe.each(DIALECTS)("the wire to $name", (dialect) => {
  const whole = dialect.whole(...WORDS);

  test.each([
    ["a whole answer", whole, Infinity],
    ["pieces of one byte, cut within characters", whole, 1],
    ["pieces of seven bytes", whole, 7],
    ["CR LF", whole.replaceAll("\n", "\r\n"), 5],
    ["CR LF and LF mixed", whole.replaceAll(/\n\n(?=\w+: .*2)/g, "\r\n\r\n"), Infinity],
    [
      "comments and pings in between",
      whole.replaceAll("\n\n", '\n\n: KEEP-ALIVE\n\nevent: ping\ndata: {"type": "ping"}\n\n'),
      Infinity,
    ],
    ["a byte order mark", `\uFEFF${whole}`, Infinity],
  ])("reads %s", async (_, stream, chunkBytes) => {
    await using server = await openProviderServer(sends(stream, chunkBytes));

    const events = await collect(dialect.createModel(server.url).stream(ask("hello")));

    expect(events[0]).toMatchObject({ type: "start", model: "test-model" });
    expect(textOf(events)).toBe(WORDS.join(""));
    expect(endOf(events)).toMatchObject({ stop: "end", usage: { outputTokens: 5 } });
  });

  test("takes a stream without its last event for broken", async () => {
    await using server = await openProviderServer(sends(dialect.unfinished("Once upon")));

    const { before, error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(textOf(before)).toBe("Once upon");
    expect(error).toMatchObject({ kind: "broken-stream", retryable: true });
  });

  test("takes a connection that was cut within a character for broken", async () => {
    const bytes = Buffer.from(dialect.unfinished("Once upon", " a 世界"));
    const half = bytes.subarray(0, bytes.lastIndexOf("世") + 1);
    await using server = await openProviderServer(cutsAfter(half));

    const { before, error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(textOf(before)).toBe("Once upon");
    expect(error).toMatchObject({ kind: "broken-stream", retryable: true });
  });

  test("counts an error event after some text as an overload", async () => {
    const stream = dialect.unfinished("Once upon") + dialect.errorEvent;
    await using server = await openProviderServer(sends(stream));

    const { before, error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(textOf(before)).toBe("Once upon");
    expect(error).toMatchObject({ kind: "overloaded", retryable: true });
  });

  test("gives up when the first byte does not come", async () => {
    await using server = await openProviderServer(() => {});
    const model = dialect.createModel(server.url, { timeouts: { ...PATIENT, firstByteMs: 50 } });

    const { before, error } = await collectUntilFailure(model.stream(ask("hello")));

    expect(before).toEqual([]);
    expect(error).toMatchObject({ kind: "timeout", retryable: true });
  });

  test("gives up when the stream stalls", async () => {
    await using server = await openProviderServer(stallsAfter(dialect.unfinished("Once upon")));
    const model = dialect.createModel(server.url, { timeouts: { ...PATIENT, idleMs: 50 } });

    const { before, error } = await collectUntilFailure(model.stream(ask("hello")));

    expect(textOf(before)).toBe("Once upon");
    expect(error).toMatchObject({
      kind: "timeout",
      retryable: true,
      message: expect.stringContaining("no byte came for 50 ms"),
    });
  });

  test("does not hold the time for the first byte against the rest of the answer", async () => {
    await using server = await openProviderServer(pausesIn(dialect.whole("one ", "two"), 150));
    const model = dialect.createModel(server.url, { timeouts: { ...PATIENT, firstByteMs: 100 } });

    const events = await collect(model.stream(ask("hello")));

    expect(textOf(events)).toBe("one two");
  });

  test("gives up when one byte comes now and then for ever", async () => {
    await using server = await openProviderServer(tricklesEvery(10));
    const model = dialect.createModel(server.url, { timeouts: { ...PATIENT, totalMs: 150 } });

    const { error } = await collectUntilFailure(model.stream(ask("hello")));

    expect(error).toMatchObject({ kind: "timeout", message: expect.stringContaining("150 ms") });
  });

  test("does not blame the provider while the reader is busy", async () => {
    await using server = await openProviderServer(sends(dialect.whole("one ", "two ", "three")));
    const model = dialect.createModel(server.url, { timeouts: { ...PATIENT, idleMs: 30 } });

    const seen: string[] = [];
    for await (const event of model.stream(ask("hello"))) {
      seen.push(event.type);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }

    expect(seen.at(-1)).toBe("end");
  });

  test("hangs up when a person says stop", async () => {
    const { answer, hungUp } = untilHungUp(dialect.unfinished("Once upon"));
    await using server = await openProviderServer(answer);
    const stop = new AbortController();
    const reason = new Error("a person said stop");

    const reading = (async () => {
      const request = ask("hello", { signal: stop.signal });
      for await (const event of dialect.createModel(server.url).stream(request))
        if (event.type === "text-delta") stop.abort(reason);
    })();

    await expect(reading).rejects.toBe(reason);
    await hungUp;
  });

  test("hangs up when nobody reads on", async () => {
    const { answer, hungUp } = untilHungUp(dialect.unfinished("Once upon"));
    await using server = await openProviderServer(answer);

    for await (const event of dialect.createModel(server.url).stream(ask("hello")))
      if (event.type === "text-delta") break;

    await hungUp;
    expect(server.requests).toHaveLength(1);
  });

  test("takes a web page for a wrong address", async () => {
    await using server = await openProviderServer(refuses(200, "<html><h1>Log in</h1></html>"));

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(error).toMatchObject({
      kind: "broken-stream",
      message: expect.stringContaining("web page"),
    });
  });

  test("reads an error that comes with status 200", async () => {
    const body = dialect.errorBody("rate_limit_error", "slow down");
    await using server = await openProviderServer(refuses(200, body));

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(error).toMatchObject({ kind: "rate-limited" });
  });

  test("takes JSON that is no stream for broken", async () => {
    await using server = await openProviderServer(refuses(200, { hello: "world" }));

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(error).toMatchObject({ kind: "broken-stream" });
  });

  test("takes a compressed body that cannot be read for broken", async () => {
    await using server = await openProviderServer((response) => {
      const headers = { "content-type": "text/event-stream", "content-encoding": "gzip" };
      response.writeHead(200, headers).end("this is not gzip");
    });

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(error).toMatchObject({ kind: "broken-stream", retryable: true });
  });

  test("follows no redirect, as the key would go with it", async () => {
    await using elsewhere = await openProviderServer(sends(dialect.whole("stolen")));
    await using server = await openProviderServer(refuses(307, {}, { location: elsewhere.url }));

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(error).toMatchObject({ kind: "not-found" });
    expect(elsewhere.requests).toEqual([]);
  });

  test("takes a refused connection for a network that is down", async () => {
    const { error } = await collectUntilFailure(
      dialect.createModel("http://127.0.0.1:9").stream(ask("hello")),
    );

    expect(error).toMatchObject({ kind: "network", retryable: true });
  });

  test("makes one attempt only: to try again is not the SDK's business", async () => {
    await using server = await openProviderServer(refuses(503, dialect.errorBody("x", "down")));

    await collectUntilFailure(dialect.createModel(server.url).stream(ask("hello")));

    expect(server.requests).toHaveLength(1);
  });

  test("tells how long the provider wants to be left alone", async () => {
    const body = dialect.errorBody("rate_limit_error", "slow down");
    await using server = await openProviderServer(refuses(429, body, { "retry-after": "12" }));

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url).stream(ask("hello")),
    );

    expect(error).toMatchObject({ kind: "rate-limited", retryAfterMs: 12_000 });
  });

  test("keeps the key and secret headers out of every error", async () => {
    const secret = "cf-secret-9876543210";
    const body = dialect.errorBody("authentication_error", `bad key ${API_KEY} and ${secret}`);
    await using server = await openProviderServer(refuses(401, body));
    const headers = { "CF-Access-Client-Id": "id", "CF-Access-Client-Secret": secret };

    const { error } = await collectUntilFailure(
      dialect.createModel(server.url, { headers }).stream(ask("hello")),
    );

    expect(error).toMatchObject({
      kind: "auth",
      message: expect.stringContaining("bad key [secret] and [secret]"),
    });
    expect(inspect(error, { depth: 9 })).not.toMatch(/sk-very|cf-secret/);
    expect(server.requests[0]?.headers).toMatchObject({
      "cf-access-client-secret": secret,
      "user-agent": "Clara",
    });
  });

  test("sends no half of a surrogate pair, which providers refuse", async () => {
    await using server = await openProviderServer(sends(dialect.whole("ok")));
    const cut = "cut: 🦉".slice(0, -1);

    await collect(dialect.createModel(server.url).stream(ask(`${cut} \\ud83d`)));

    const sent = JSON.stringify(server.requests[0]?.body);
    expect(sent.isWellFormed()).toBe(true);
    expect(sent).toContain("cut: \uFFFD \\\\ud83d");
  });

  test("ends an answer of megabytes as if it had reached its limit", async () => {
    const picture = "A".repeat(300_000);
    await using server = await openProviderServer(
      sends(dialect.whole(picture, picture, picture, picture)),
    );

    const events = await collect(dialect.createModel(server.url).stream(ask("draw")));

    expect(textOf(events)).toHaveLength(300_000);
    expect(endOf(events)).toMatchObject({ stop: "max-tokens", usage: { estimated: true } });
  });

  test("asks for no more output than the model can give", async () => {
    await using server = await openProviderServer(sends(dialect.whole("ok")));
    const price = {
      input: 1,
      cachedInput: null,
      cacheWrite: null,
      output: 1,
      long: null,
      contextTokens: 8_000,
      maxOutputTokens: 500,
    };

    const model = dialect.createModel(server.url, { price });
    await collect(model.stream(ask("hello", { maxOutputTokens: 4_000 })));

    expect(server.requests[0]?.body.max_tokens).toBe(500);
  });
});
