import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { serve } from "../../../../test/serve.ts";
import { createAuthenticate } from "./authenticate.ts";
import { loadHttpSettings } from "./http-settings.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const SECRET = "a-shared-secret-of-more-than-32-characters";
const { publicKey: rsaPublic, privateKey: rsaPrivate } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
});
const { publicKey: edPublic, privateKey: edPrivate } = generateKeyPairSync("ed25519");
const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

const COMMON = { JWT_ISSUER: "https://issuer.example", JWT_AUDIENCE: "https://mcp.example/mcp" };
const HS = { ...COMMON, JWT_SECRET_KEY: SECRET };
const RS = { ...COMMON, JWT_PUBLIC_KEY: pem(rsaPublic) };
const ED = { ...COMMON, JWT_PUBLIC_KEY: pem(edPublic), JWT_ALGORITHM: "EdDSA" };

interface Claims {
  readonly alg: string;
  readonly key: KeyObject | Uint8Array;
  readonly sub?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now; null: none. */
  readonly expires?: number | null;
  readonly notBefore?: number;
  readonly scope?: string;
}

const token = ({ alg, key, expires = 600, ...claims }: Claims): Promise<string> => {
  const seconds = Math.floor(NOW.getTime() / 1000);
  const jwt = new SignJWT(claims.scope === undefined ? {} : { scope: claims.scope })
    .setProtectedHeader({ alg })
    .setIssuer(claims.issuer ?? COMMON.JWT_ISSUER)
    .setAudience(claims.audience ?? COMMON.JWT_AUDIENCE)
    .setSubject(claims.sub ?? "anna");
  if (expires !== null) jwt.setExpirationTime(seconds + expires);
  if (claims.notBefore !== undefined) jwt.setNotBefore(seconds + claims.notBefore);
  return jwt.sign(key);
};

const secret = new TextEncoder().encode(SECRET);

/** What becomes of a request with this header. */
async function outcome(
  env: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  const authenticate = createAuthenticate(
    { clock: { now: () => NOW }, resourceMetadataUrl: "https://mcp.example/.well-known/x" },
    loadHttpSettings(env, "SAMPLE"),
  );
  const result = await authenticate(new Request("http://localhost/mcp", { headers }));
  if (!(result instanceof Response)) return result.extra?.["access"];
  return `${result.status} ${result.headers.get("www-authenticate") ?? ""}`;
}

const bearer = (words: string) => ({ authorization: `Bearer ${words}` });
const anna = { kind: "one", tenant: "anna" };

test("HS256, RS256 and EdDSA are verified, each with its own kind of key", async () => {
  const hs = await outcome(HS, bearer(await token({ alg: "HS256", key: secret })));
  const rs = await outcome(RS, bearer(await token({ alg: "RS256", key: rsaPrivate })));
  const ed = await outcome(ED, bearer(await token({ alg: "EdDSA", key: edPrivate })));

  expect([hs, rs, ed]).toEqual([anna, anna, anna]);
});

test.each([
  { what: "of another issuer", claims: { issuer: "https://evil.example" } },
  { what: "for somebody else", claims: { audience: "https://other.example" } },
  { what: "that has expired", claims: { expires: -60 } },
  { what: "without an end", claims: { expires: null } },
  { what: "that does not hold yet", claims: { notBefore: 300 } },
  { what: "whose subject is no user_id", claims: { sub: "../../anna" } },
  { what: "of the account of the settings, which nobody may name", claims: { sub: "_default" } },
])("a token $what is refused", async ({ claims }) => {
  const result = await outcome(HS, bearer(await token({ alg: "HS256", key: secret, ...claims })));

  expect(result).toMatch(/^401 Bearer /);
});

test("a public key is never taken for a shared secret, nor a token without a signature", async () => {
  const confused = await token({ alg: "HS256", key: new TextEncoder().encode(pem(rsaPublic)) });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${encode({ alg: "none" })}.${encode({ sub: "anna", exp: 9_999_999_999 })}.`;

  expect(await outcome(RS, bearer(confused))).toMatch(/^401/);
  expect(await outcome(RS, bearer(unsigned))).toMatch(/^401/);
  expect(await outcome(HS, bearer(unsigned))).toMatch(/^401/);
});

test("scopes that are asked for have to be there", async () => {
  const env = { ...HS, JWT_SCOPES: "books:read" };
  const without = await outcome(env, bearer(await token({ alg: "HS256", key: secret })));
  const scope = "mail books:read";
  const withIt = await outcome(env, bearer(await token({ alg: "HS256", key: secret, scope })));

  expect(without).toMatch(/^403 .*insufficient_scope/);
  expect(withIt).toEqual(anna);
});

test("who has not signed in is told where tokens come from", async () => {
  const result = await outcome(HS, {});

  expect(result).toContain('resource_metadata="https://mcp.example/.well-known/x"');
});

test("an API key stands for its tenant, in either header, and a part of it for nobody", async () => {
  const env = { HTTP_API_KEYS: "anna:0123456789abcdef01234567,*:fedcba98765432100123456789" };

  const own = await outcome(env, bearer("0123456789abcdef01234567"));
  const host = await outcome(env, { "x-api-key": "fedcba98765432100123456789" });
  const part = await outcome(env, bearer("0123456789abcdef0123456"));

  expect(own).toEqual(anna);
  expect(host).toEqual({ kind: "any", otherwise: "_default" });
  expect(part).toMatch(/^401/);
});

test.each([
  { env: {}, words: "callers have to sign in" },
  { env: { HTTP_AUTH: "off", HTTP_HOST: "0.0.0.0" }, words: "HTTP_HOST=127.0.0.1 only" },
  { env: { HTTP_API_KEYS: "anna:short" }, words: "24 characters" },
  { env: { HTTP_API_KEYS: "../x:0123456789abcdef01234567" }, words: "list of name:key" },
  { env: { JWT_SECRET_KEY: SECRET }, words: "JWT_ISSUER and JWT_AUDIENCE" },
  { env: { ...COMMON, JWT_SECRET_KEY: "short" }, words: "32 characters" },
  { env: { ...RS, JWT_ALGORITHM: "HS256" }, words: "goes with JWT_ALGORITHM=HS256" },
  { env: { ...HS, JWT_ALGORITHM: "none" }, words: "SAMPLE_JWT_ALGORITHM" },
])("settings that would leave a door open are refused: $words", ({ env, words }) => {
  expect(() => loadHttpSettings(env, "SAMPLE")).toThrow(words);
});

test("keys may be where the issuer publishes them, and change there", async () => {
  const jwk = { ...edPublic.export({ format: "jwk" }), kid: "one", alg: "EdDSA", use: "sig" };
  await using issuer = await serve((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  const env = { ...COMMON, JWT_JWKS_URL: `${issuer.url}/jwks`, JWT_ALGORITHM: "EdDSA" };

  const known = await outcome(env, bearer(await token({ alg: "EdDSA", key: edPrivate })));
  const other = generateKeyPairSync("ed25519").privateKey;
  const unknown = await outcome(env, bearer(await token({ alg: "EdDSA", key: other })));

  expect(known).toEqual(anna);
  expect(unknown).toMatch(/^401/);
});
