import type { z } from "zod";
import { SandboxProblem } from "../../core/sandbox.ts";
import { PROBLEM } from "../wire.ts";

export interface RemoteDeps {
  readonly fetch: typeof globalThis.fetch;
}

export interface RemoteSettings {
  readonly url: string;
  readonly key: string;
  /** Until it begins to answer. */
  readonly timeoutMs: number;
}

interface Sent {
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly signal: AbortSignal;
}

/** The service, as it is asked. Throws SandboxProblem, save the signal's own reason. */
export interface Remote {
  readonly json: <Output>(
    method: string,
    path: string,
    schema: z.ZodType<Output>,
    sent: Sent,
  ) => Promise<Output>;
  readonly bytes: (path: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** What comes is read by whoever asked. */
  readonly stream: (
    path: string,
    body: unknown,
    signal: AbortSignal,
  ) => Promise<ReadableStream<Uint8Array>>;
}

const UNAUTHORIZED = 401;

export function createRemote(
  { fetch }: RemoteDeps,
  { url, key, timeoutMs }: RemoteSettings,
): Remote {
  async function ask(
    method: string,
    path: string,
    { body, bytes, signal }: Sent,
  ): Promise<Response> {
    signal.throwIfAborted();
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), timeoutMs);
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          "X-API-Key": key,
          "Content-Type": bytes ? "application/octet-stream" : "application/json",
        },
        // It is our own service: whoever sends us elsewhere is somebody else.
        redirect: "error",
        signal: AbortSignal.any([signal, patience.signal]),
        ...(bytes
          ? { body: Uint8Array.from(bytes) }
          : body === undefined
            ? {}
            : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw await toProblem(response);
      return response;
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof SandboxProblem ? error : away(url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async json(method, path, schema, sent) {
      const parsed = schema.safeParse(
        await (await ask(method, path, sent)).json().catch(() => null),
      );
      if (parsed.success) return parsed.data;
      throw new SandboxProblem(
        "unavailable",
        `${url} answers, but not as a sandbox service does. Look at SANDBOX_API_URL.`,
      );
    },
    bytes: async (path, signal) =>
      new Uint8Array(await (await ask("GET", path, { signal })).arrayBuffer()),
    async stream(path, body, signal) {
      const response = await ask("POST", path, { body, signal });
      if (response.body === null) throw away(url, null);
      return response.body;
    },
  };
}

const away = (url: string, cause: unknown): SandboxProblem =>
  new SandboxProblem(
    "unavailable",
    `The sandbox service at ${url} does not answer. Code cannot run there now.`,
    { cause },
  );

async function toProblem(response: Response): Promise<SandboxProblem> {
  if (response.status === UNAUTHORIZED)
    return new SandboxProblem(
      "unavailable",
      "The sandbox service does not accept SANDBOX_API_KEY. Set the same on both sides.",
    );
  const told = PROBLEM.safeParse(await response.json().catch(() => null)).data;
  return told
    ? new SandboxProblem(told.kind, told.message)
    : new SandboxProblem(
        "unavailable",
        `The sandbox service answered with status ${response.status}.`,
      );
}
