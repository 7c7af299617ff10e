import fc from "fast-check";
import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";
import { pageOf, toCursor } from "./pages.ts";
import { createRedactor } from "./redact.ts";
import { loadKitSettings } from "./settings.ts";
import { createSingleFlight } from "./single-flight.ts";
import { DEFAULT_TENANT, tenantOf, toTenantId } from "./tenant.ts";

test("a cursor leads to its page of its own question, and of no other", () => {
  const cursor = toCursor(3, { search: "kopi", per_page: 20 });

  expect(pageOf(cursor, { per_page: 20, search: "kopi" })).toBe(3);
  expect(() => pageOf(cursor, { search: "teh", per_page: 20 })).toThrow("does not belong");
  expect(pageOf(undefined, {})).toBe(1);
});

test("no text is a cursor by chance, and none breaks it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      expect(() => pageOf(text, {})).toThrow("does not belong");
    }),
  );
});

test("no name that is taken as a tenant can leave its place in a path, or be the settings' own", () => {
  const strange = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom("..", "/", "_", "__", "-", ":", "*", "a", "%2e", "\n"), {
        maxLength: 6,
      })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(strange, (name) => {
      const tenant = toTenantId(name);
      expect(tenant === null || /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(tenant)).toBe(true);
      expect(tenant).not.toBe(DEFAULT_TENANT);
    }),
  );
});

test("who has access to one tenant never acts for another one, whatever he asks", () => {
  const anna = toTenantId("anna") ?? DEFAULT_TENANT;
  const asked = fc.oneof(fc.string(), fc.constantFrom("anna", "berta", "_default", "*", "anna "));
  fc.assert(
    fc.property(asked, (name) => {
      const got = tryTenant(() => tenantOf({ kind: "one", tenant: anna }, name));
      expect([anna, null]).toContain(got);
    }),
  );
});

function tryTenant(work: () => string): string | null {
  try {
    return work();
  } catch {
    return null; // Refused, as it should be.
  }
}

test("secrets are hidden wherever they stand in an answer, and nothing else is changed", () => {
  const redact = createRedactor(["first-secret-123"]);
  redact.learn(["second-secret-456", "short"]);
  const whole = { fine: [1, null, true, "short"] };

  const hidden = redact.data({
    a: "x first-secret-123 y",
    b: [{ c: "second-secret-456" }],
    d: "Bearer abcdefghijklmnop",
  });

  expect(hidden).toEqual({
    a: "x [removed: a secret] y",
    b: [{ c: "[removed: a secret]" }],
    d: "Bearer [removed: a secret]",
  });
  expect(redact.data(whole)).toBe(whole);
});

test("figures are in the form of Prometheus", () => {
  const metrics = createMetrics();
  metrics.count("calls", { name: 'a"b' });
  metrics.count("calls", { name: 'a"b' });
  metrics.time("call", 20, { name: "a" });
  metrics.gauge("sessions", "How many", () => 3);

  const text = metrics.text();

  expect(text).toContain('mcp_calls_total{name="a\\"b"} 2');
  expect(text).toContain('mcp_call_seconds_bucket{name="a",le="0.01"} 0');
  expect(text).toContain('mcp_call_seconds_bucket{name="a",le="0.03"} 1');
  expect(text).toContain("mcp_sessions 3");
});

test("shared work is stopped only when nobody waits for it any more", async () => {
  const flights = createSingleFlight();
  const [one, other] = [new AbortController(), new AbortController()];
  let isStopped = false;
  const work = (signal: AbortSignal) =>
    new Promise<never>(() => signal.addEventListener("abort", () => (isStopped = true)));
  const first = flights.run("x", one.signal, work);
  const second = flights.run("x", other.signal, work);

  one.abort();
  await expect(first).rejects.toThrow("aborted");
  const afterOne = isStopped;
  other.abort();
  await expect(second).rejects.toThrow("aborted");

  expect([afterOne, isStopped]).toEqual([false, true]);
});

test("a server's own variables go before those of all", () => {
  const env = { TRIES: "2", KLEDO_TRIES: "5", TIMEOUT_MS: "1000", REQUESTS_PER_MINUTE: "60" };

  const { upstream } = loadKitSettings(env, "KLEDO", { server: "kledo" });

  expect([upstream.tries, upstream.timeoutMs]).toEqual([5, 1_000]);
  expect(upstream.rate.global).toContainEqual({ perSecond: 1, burst: 60 });
});

test.each([
  { env: { TOKEN_STORE: "redis" }, words: "REDIS_URL" },
  { env: { TOKEN_STORE: "vault" }, words: "VAULT_ADDR and VAULT_TOKEN" },
  { env: { TOKEN_STORE: "disk" }, words: "TOKEN_STORE" },
  { env: { REDIS_URL: "http://x" }, words: "REDIS_URL" },
  { env: { TOKEN_STORE_KEY: "short" }, words: "TOKEN_STORE_KEY is no key" },
])("settings that cannot be used are told by name: $words", ({ env, words }) => {
  expect(() => loadKitSettings(env, "KLEDO", { server: "kledo" })).toThrow(words);
});
