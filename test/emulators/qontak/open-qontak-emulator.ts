import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answerQontak } from "../../../src/servers/qontak/demo/answer.ts";
import type { Crm, Stored } from "../../../src/servers/qontak/demo/crm.ts";
import { makeCrm } from "../../../src/servers/qontak/demo/seed.ts";
import { serve } from "../../serve.ts";
import { signerOf } from "./hmac.ts";
import { createOAuthTokens, type Account, type Granted, type OAuthTokens } from "./tokens.ts";

const LIFE_MS = 21_600_000;
const BASE = "/api/v3.1";
const GATEWAY = "/qontak/crm";
const UNSIGNED = { message: "HMAC signature cannot be verified" };

/** What goes wrong with a request, instead of its answer. */
export type Fault =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answers. */
  | { readonly kind: "silence" }
  /** Hangs up in the middle. */
  | { readonly kind: "cut" }
  /** Nothing goes wrong yet. */
  | { readonly kind: "pass" };

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface QontakEmulator extends AsyncDisposable {
  /** With /api/v3.1. */
  readonly url: string;
  /** The same, as Mekari's gateway shows it to those who sign each request. */
  readonly gatewayUrl: string;
  readonly accounts: readonly [Account, ...Account[]];
  readonly crm: Crm;
  readonly tokens: OAuthTokens;
  /** All requests so far, sign-ins included. */
  readonly heard: readonly Heard[];
  /** The next requests for data go wrong in this way. */
  readonly fail: (fault: Fault, times?: number) => void;
  /** Nothing that was to go wrong does. */
  readonly clear: () => void;
  /** Runs after a sign-in was granted, and before the answer goes out. */
  readonly onGrant: (listen: () => void) => void;
}

export interface EmulatorOptions {
  readonly companies?: number;
  readonly now?: () => Date;
  readonly lifeMs?: number;
}

/** Qontak, as far as its documents tell how it behaves. Speaks real HTTP on this machine. */
export async function openQontakEmulator(options: EmulatorOptions = {}): Promise<QontakEmulator> {
  const { companies = 1, now = () => new Date(), lifeMs = LIFE_MS } = options;
  const [first, ...others] = Array.from({ length: companies }, (_, at) => account(at, now));
  const accounts = [first ?? account(0, now), ...others] as const;
  const tokens = createOAuthTokens(accounts, () => now().getTime(), lifeMs);
  const heard: Heard[] = [];
  const faults: Fault[] = [];
  let afterGrant = (): void => {};
  const served = await serve((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", served.url);
    const { method = "GET", headers } = request;
    const body = await text(request);
    heard.push({
      method,
      path: url.pathname.replace(BASE, "").replace(GATEWAY, ""),
      query: url.searchParams,
      headers,
      body,
    });
    if (url.pathname === "/oauth/token")
      return signIn({ tokens, afterGrant }, response, body, lifeMs);
    const fault = faults.shift();
    if (fault && fault.kind !== "pass") return goWrong(response, fault);
    const isGateway = url.pathname.startsWith(GATEWAY);
    const base = isGateway ? GATEWAY : BASE;
    const owner = isGateway
      ? signerOf(accounts, request, now())
      : tokens.find((headers.authorization ?? "").replace(/^Bearer /, ""));
    if (owner === null)
      return send(response, 401, isGateway ? UNSIGNED : { error: "The access token expired" });
    if (!url.pathname.startsWith(base)) return send(response, 404, { error: "Not Found" });
    const found = answerQontak(owner.crm, {
      method,
      path: url.pathname.slice(base.length),
      query: url.searchParams,
      body: body === "" ? {} : (JSON.parse(body) as Stored),
    });
    send(response, found.status, found.body);
  }
  return {
    url: `${served.url}${BASE}`,
    gatewayUrl: `${served.url}${GATEWAY}`,
    accounts,
    crm: accounts[0].crm,
    tokens,
    heard,
    fail: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    clear: () => void faults.splice(0),
    onGrant(listen) {
      afterGrant = listen;
    },
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

/** Companies are alike, but for the name of their first contact. */
function account(at: number, now: () => Date): Account {
  const crm = makeCrm(now);
  const [first] = crm.tables.contacts;
  if (first && at > 0) first["first_name"] = `Milik ${at}`;
  return {
    crm,
    username: `pemilik${at}@contoh.example`,
    password: `kata-sandi-${at}`,
    hmac: { username: `client-${at}`, secret: `hmac-secret-${at}-0123456789` },
    refreshToken: `qontak-refresh-0-pemilik${at}-0123456789`,
  };
}

/** As Qontak does it: a form, and refresh tokens that are used up. */
function signIn(
  { tokens, afterGrant }: { readonly tokens: OAuthTokens; readonly afterGrant: () => void },
  response: ServerResponse,
  body: string,
  lifeMs: number,
): void {
  const form = new URLSearchParams(body);
  const granted = grant(tokens, form);
  if (granted === "unsupported") return send(response, 400, { error: "unsupported_grant_type" });
  if (granted === null)
    return send(response, 400, {
      error: "invalid_grant",
      error_description: "The provided authorization grant is invalid, expired, or revoked",
    });
  afterGrant();
  send(response, 200, {
    access_token: granted.accessToken,
    token_type: "bearer",
    expires_in: Math.round(lifeMs / 1000),
    refresh_token: granted.refreshToken,
    created_at: 1_764_000_000,
  });
}

function grant(tokens: OAuthTokens, form: URLSearchParams): Granted | null | "unsupported" {
  const kind = form.get("grant_type");
  if (kind === "refresh_token") return tokens.refresh(form.get("refresh_token") ?? "");
  if (kind === "password")
    return tokens.signIn(form.get("username") ?? "", form.get("password") ?? "");
  return "unsupported";
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function goWrong(response: ServerResponse, fault: Exclude<Fault, { kind: "pass" }>): void {
  if (fault.kind === "silence") return;
  if (fault.kind === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"meta":{"status":200},');
    setImmediate(() => response.destroy());
    return;
  }
  response.writeHead(fault.status, fault.headers ?? { "content-type": "application/json" });
  response.end(fault.body);
}
