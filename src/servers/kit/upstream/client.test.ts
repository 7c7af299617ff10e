import { expect, test } from "vitest";
import { createLog } from "../../../lib/log.ts";
import { createMetrics } from "../metrics.ts";
import { DEFAULT_TENANT, toTenantId } from "../tenant.ts";
import { createUpstream, type UpstreamDeps, type UpstreamSettings } from "./client.ts";

const anna = toTenantId("anna") ?? DEFAULT_TENANT;
const berta = toTenantId("berta") ?? DEFAULT_TENANT;
const { signal } = new AbortController();

const SETTINGS: UpstreamSettings = {
  timeoutMs: 1_000,
  maxBytes: 1_000,
  tries: 3,
  firstBackOffMs: 100,
  maxWaitMs: 5_000,
  atOnce: 2,
  rate: {
    tenant: { perSecond: 10, burst: 20 },
    global: [{ perSecond: 50, burst: 100 }],
    maxWaitMs: 0,
  },
  circuit: { failures: 5, coolDownMs: 10_000 },
};

/** An upstream whose answers a test gives, and whose time passes by waiting alone. */
function open(
  answer: (count: number, init: RequestInit) => Response | Promise<Response>,
  settings: Partial<UpstreamSettings> = {},
) {
  let asked = 0;
  let ms = 0;
  const waits: number[] = [];
  let token = "first";
  const deps: UpstreamDeps = {
    fetch: async (_, init = {}) => answer((asked += 1), init),
    clock: { now: () => new Date(Date.UTC(2026, 0, 1)) },
    stopwatch: () => ms,
    random: () => 1,
    async pause(by) {
      waits.push(by);
      ms += by;
    },
    log: createLog({ level: "silent", secrets: () => [] }, { write: () => {} }),
    metrics: createMetrics(),
    authorizer: {
      headersFor: async () => ({ authorization: `Bearer ${token}` }),
      async refused() {
        token = "second";
        return true;
      },
    },
  };
  const upstream = createUpstream(deps, { ...SETTINGS, ...settings });
  return { ...upstream, deps, waits, asked: () => asked, pass: (by: number) => void (ms += by) };
}

const get = { tenant: anna, method: "GET", url: "https://upstream.example/x", signal } as const;
const post = { ...get, method: "POST", json: {} } as const;
const ok = () => Response.json({ fine: true });
const failing = (count: number) => (count < 3 ? new Response("", { status: 503 }) : ok());

test("what is safe is tried again, after longer and longer pauses", async () => {
  const upstream = open(failing);

  const reply = await upstream.send(get);

  expect(reply.json()).toEqual({ fine: true });
  expect(upstream.waits).toEqual([100, 200]);
});

test("what may have changed something is sent once", async () => {
  const upstream = open(failing);

  const sending = upstream.send(post);

  await expect(sending).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  expect(upstream.asked()).toBe(1);
});

test("a read by POST says that it is safe", async () => {
  const upstream = open(failing);

  await upstream.send({ ...post, isSafe: true });

  expect(upstream.asked()).toBe(3);
});

test("Retry-After is kept, in seconds and as a date", async () => {
  const upstream = open((count) =>
    count === 1
      ? new Response("", { status: 429, headers: { "retry-after": "2" } })
      : count === 2
        ? new Response("", {
            status: 429,
            headers: { "retry-after": "Thu, 01 Jan 2026 00:00:03 GMT" },
          })
        : ok(),
  );

  await upstream.send(get);

  expect(upstream.waits).toEqual([2_000, 3_000]);
});

test("refused credentials are renewed once, also for a write: it has not happened", async () => {
  const tokens: unknown[] = [];
  const upstream = open((count, { headers }) => {
    tokens.push((headers as Record<string, string>)["authorization"]);
    return count === 1 ? new Response("", { status: 401 }) : ok();
  });

  await upstream.send(post);

  expect(tokens).toEqual(["Bearer first", "Bearer second"]);
});

test("an answer that is too large is not read to its end", async () => {
  const upstream = open(() => new Response("x".repeat(1_001)));

  const sending = upstream.send(get);

  await expect(sending).rejects.toMatchObject({ code: "UPSTREAM_RESPONSE_TOO_LARGE" });
});

test("one tenant's rush is stopped, and leaves others their turn", async () => {
  const upstream = open(ok, { atOnce: 100 });

  const results = await Promise.allSettled(Array.from({ length: 25 }, () => upstream.send(get)));
  const other = await upstream.send({ ...get, tenant: berta });

  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(5);
  expect(other.status).toBe(200);
});

test("a rush is let through by and by where waiting is allowed", async () => {
  const rate = { ...SETTINGS.rate, maxWaitMs: 2_000 };
  const upstream = open(ok, { atOnce: 100, rate });

  const results = await Promise.allSettled(Array.from({ length: 25 }, () => upstream.send(get)));

  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(upstream.waits.length).toBeGreaterThan(0);
});

test("no more requests of one tenant are under way than allowed", async () => {
  let [now, most] = [0, 0];
  const upstream = open(async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return ok();
  });

  await Promise.all(Array.from({ length: 10 }, () => upstream.send(get)));

  expect(most).toBe(2);
});

test("after five failures in a row it is left alone, and tried by one call after a while", async () => {
  let isUp = false;
  const upstream = open(() => (isUp ? ok() : new Response("", { status: 500 })), { tries: 1 });
  await Promise.allSettled(Array.from({ length: 5 }, () => upstream.send(get)));

  const whileOpen = await Promise.allSettled([upstream.send(get)]);
  const askedBefore = upstream.asked();
  isUp = true;
  upstream.pass(10_000);
  await upstream.send(get);

  expect(whileOpen[0]).toMatchObject({ status: "rejected", reason: { retryAfterMs: 10_000 } });
  expect(askedBefore).toBe(5);
  expect(upstream.isOpen()).toBe(false);
});

test("who gives up is told so, and counts as no failure of the upstream", async () => {
  const stop = new AbortController();
  const upstream = open(
    (_, init) =>
      new Promise((_resolve, reject) =>
        init.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
      ),
  );
  const sending = upstream.send({ ...get, signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();

  await expect(sending).rejects.toMatchObject({ code: "CANCELLED" });
});

test("a sign-in that everybody waits for gets through, though they fill all places", async () => {
  let signIns = 0;
  const upstream = open((_, { headers }) => {
    const { authorization } = headers as Readonly<Record<string, string>>;
    if (authorization === undefined) signIns += 1;
    return authorization === "Bearer first" ? new Response("", { status: 401 }) : ok();
  });
  const signedIn = createUpstream(
    {
      ...upstream.deps,
      authorizer: {
        headersFor: async () => ({
          authorization: signIns === 0 ? "Bearer first" : "Bearer second",
        }),
        async refused() {
          await signedIn.send({ ...post, isAnonymous: true });
          return true;
        },
      },
    },
    { ...SETTINGS, atOnce: 1 },
  );

  const replies = await Promise.all([signedIn.send(get), signedIn.send(get), signedIn.send(get)]);

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("an upstream of one tenant that is down closes nobody else's way", async () => {
  const upstream = open((count) => (count <= 5 ? new Response("", { status: 500 }) : ok()), {
    tries: 1,
  });
  await Promise.allSettled(Array.from({ length: 5 }, () => upstream.send(get)));

  const other = await upstream.send({ ...get, tenant: berta, url: "https://other.example/x" });

  expect(other.status).toBe(200);
});
