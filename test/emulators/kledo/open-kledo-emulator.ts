import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answerKledo, type KledoAnswer } from "../../../src/servers/kledo/demo/answer.ts";
import type { Books } from "../../../src/servers/kledo/demo/books.ts";
import { makeBooks } from "../../../src/servers/kledo/demo/make-books.ts";
import { serve } from "../../serve.ts";
import { createAccessTokens, type AccessTokens, type Account } from "./accounts.ts";

const TODAY = "2026-11-25";
const LIFE_MS = 86_400_000;

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
  | { readonly kind: "cut" };

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

export interface KledoEmulator extends AsyncDisposable {
  /** With /api/v1. */
  readonly url: string;
  readonly root: string;
  readonly accounts: readonly [Account, ...Account[]];
  readonly tokens: AccessTokens;
  /** All requests so far, sign-ins included. */
  readonly heard: readonly Heard[];
  /** The next requests for data go wrong in this way. */
  readonly fail: (fault: Fault, times?: number) => void;
}

interface EmulatorOptions {
  readonly companies?: number;
  readonly today?: string;
  readonly now?: () => number;
  readonly lifeMs?: number;
}

/** Kledo, as far as its documents and the programs of others tell how it behaves. Speaks real HTTP on this machine. */
export async function openKledoEmulator(options: EmulatorOptions = {}): Promise<KledoEmulator> {
  const { companies = 1, today = TODAY, now = () => performance.now(), lifeMs = LIFE_MS } = options;
  const [first, ...others] = Array.from({ length: companies }, (_, at) => account(at, today));
  const accounts = [first ?? account(0, today), ...others] as const;
  const tokens = createAccessTokens(accounts, now, lifeMs);
  const heard: Heard[] = [];
  const faults: Fault[] = [];
  const served = await serve((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", served.url);
    const path = url.pathname.replace(/^\/api\/v1/, "");
    const { method = "GET", headers } = request;
    heard.push({ method, path, query: url.searchParams, headers });
    const body = await text(request);
    if (method === "POST" && !path.startsWith("/finance/"))
      return send(response, signIn(tokens, path, body, lifeMs));
    const fault = faults.shift();
    if (fault) return goWrong(response, fault);
    const token = (headers.authorization ?? "").replace(/^Bearer /, "");
    const owner = tokens.find(token);
    if (owner === null)
      return send(response, { status: 401, body: { message: "Unauthenticated." } });
    if (method === "POST") return send(response, pay(owner.books, path, body));
    send(response, answerKledo(owner.books, path, url.searchParams));
  }
  return {
    url: `${served.url}/api/v1`,
    root: served.url,
    accounts,
    tokens,
    heard,
    fail: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

/** The books of each company are alike, but for the name of its first customer. */
function account(at: number, today: string): Account {
  const books = makeBooks(today);
  const [first, ...others] = books.contacts;
  if (first)
    books.contacts.splice(0, others.length + 1, { ...first, name: `Milik ${at}` }, ...others);
  return {
    books,
    personalToken: `kledo_pat_${String(at).padStart(4, "0")}0123456789abcdef0123`,
    email: `pemilik${at}@contoh.example`,
    password: `kata-sandi-${at}`,
    refreshToken: `refresh-0-pemilik${at}-0123456789`,
    code: `code-of-pemilik${at}-0123456789`,
  };
}

function signIn(tokens: AccessTokens, path: string, body: string, lifeMs: number): KledoAnswer {
  const expires_in = Math.round(lifeMs / 1000);
  if (path === "/authentication/singleLogin") {
    const { email = "", password = "" } = JSON.parse(body) as Readonly<Record<string, string>>;
    const access_token = tokens.signIn(email, password);
    if (access_token === null)
      return { status: 422, body: { success: false, message: "Email atau password salah" } };
    return { status: 200, body: { success: true, data: { data: { access_token, expires_in } } } };
  }
  if (path === "/oauth/token") {
    const form = new URLSearchParams(body);
    const isCode = form.get("grant_type") === "authorization_code";
    const got = tokens.refresh(form.get(isCode ? "code" : "refresh_token") ?? "");
    if (got === null) return { status: 400, body: { error: "invalid_grant" } };
    const { accessToken, refreshToken } = got;
    return {
      status: 200,
      body: {
        token_type: "Bearer",
        expires_in,
        access_token: accessToken,
        refresh_token: refreshToken,
      },
    };
  }
  return { status: 405, body: { message: "The POST method is not supported for this route." } };
}

/** POST /finance/bankTrans/invoicePayment: what somebody does in Kledo, while our server reads. */
function pay(books: Books, path: string, body: string): KledoAnswer {
  const { trans_date, bank_account_id, amount, business_tran_id } = JSON.parse(body) as {
    readonly trans_date: string;
    readonly bank_account_id: number;
    readonly amount: number;
    readonly business_tran_id: number;
  };
  const bill = books.documents.find(({ id }) => id === business_tran_id);
  if (path !== "/finance/bankTrans/invoicePayment" || bill === undefined)
    return { status: 404, body: { success: false, message: "Data tidak ditemukan" } };
  const payment = { id: 900_000 + bill.id, date: trans_date, amount, bankId: bank_account_id };
  bill.payments = [...bill.payments, payment];
  return { status: 200, body: { success: true, data: { id: payment.id }, message: "Tersimpan" } };
}

function send(response: ServerResponse, { status, body }: KledoAnswer): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function goWrong(response: ServerResponse, fault: Fault): void {
  if (fault.kind === "silence") return;
  if (fault.kind === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"success":true,');
    setImmediate(() => response.destroy());
    return;
  }
  response.writeHead(fault.status, fault.headers ?? { "content-type": "application/json" });
  response.end(fault.body);
}
