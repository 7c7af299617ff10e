import type { Data } from "./data.ts";
import { openCegidY2 } from "../../../src/servers/cegid-y2/open-cegid-y2.ts";
import type { Clock } from "../../../src/servers/kit/clock.ts";
import {
  openCegidEmulator,
  type Account,
  type CegidEmulator,
} from "../../emulators/cegid-y2/index.ts";
import { connectByHttp, connectByStdio, serveOverHttp, type Connected } from "../connect.ts";
import { serverMachine, type TestServerMachine } from "../machine.ts";

export const ACCOUNT: Account = {
  folder: "90000001_002_TEST",
  user: "clara",
  password: "correct horse battery",
};
export const OTHER: Account = {
  folder: "90000002_002_TEST",
  user: "other",
  password: "quite another password",
};
/** What time it is in these tests, at noon so that it is one day everywhere in the shops. */
const NOW = new Date("2026-11-24T11:00:00Z");
const CLOCK: Clock = { now: () => NOW };
export const KEY = "cegid-key-0123456789abcdef";

/** What the server needs to work with the emulator. */
const cegidEnv = (emulator: CegidEmulator): Record<string, string> => ({
  CEGID_Y2_BASE_URL: emulator.url,
  CEGID_Y2_FOLDER_ID: ACCOUNT.folder,
  CEGID_Y2_USERNAME: ACCOUNT.user,
  CEGID_Y2_PASSWORD: ACCOUNT.password,
  CEGID_Y2_REST_AUTH: "basic",
  CEGID_Y2_DEFAULT_STORE_ID: "FFO001",
  CEGID_Y2_ALLOW_WRITES: "true",
  CEGID_Y2_RATE_LIMIT_ENABLED: "false",
  CEGID_Y2_HTTP_API_KEYS: `default:${KEY}`,
  CEGID_Y2_LOG_LEVEL: "debug",
});

export interface CegidTalk extends Connected {
  readonly emulator: CegidEmulator;
  readonly machine: TestServerMachine;
  /** Structured content of a tool that went well; throws its words otherwise. */
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<Data>;
  /** Code and words of a tool that failed. */
  readonly failed: (
    name: string,
    args?: Record<string, unknown>,
  ) => Promise<{ readonly code: string; readonly text: string }>;
}

/** The server over HTTP beside an emulator, and the official client that has signed in. */
export async function talkToCegid(
  parts: {
    readonly env?: Readonly<Record<string, string>>;
    readonly clock?: Clock;
    readonly fetch?: typeof globalThis.fetch;
  } = {},
): Promise<CegidTalk> {
  const clock = parts.clock ?? CLOCK;
  const emulator = await openCegidEmulator([ACCOUNT, OTHER], clock);
  const machine = serverMachine(
    { ...cegidEnv(emulator), ...parts.env },
    { clock, ...(parts.fetch ? { fetch: parts.fetch } : {}) },
  );
  const served = await serveOverHttp(machine, await openCegidY2(machine, { isDemo: false }));
  const connected = await connectByHttp(served.url, { key: KEY });
  return {
    ...helpers(connected),
    emulator,
    machine,
    async [Symbol.asyncDispose]() {
      await connected.client.close();
      await served[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

/** The program itself, started by the official client over standard input and output. */
export async function talkByStdio(): Promise<Omit<CegidTalk, "machine">> {
  const emulator = await openCegidEmulator([ACCOUNT, OTHER], CLOCK);
  const connected = await connectByStdio(["cegid-y2"], cegidEnv(emulator), { now: NOW });
  return {
    ...helpers(connected),
    emulator,
    async [Symbol.asyncDispose]() {
      await connected.client.close();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

export const helpers = ({ client }: Connected) => ({
  client,
  call: async (name: string, args: Record<string, unknown> = {}): Promise<Data> => {
    const result = await client.callTool({ name, arguments: args });
    if (result.isError) throw new Error(textOf(result.content));
    return result.structuredContent as Data;
  },
  failed: async (name: string, args: Record<string, unknown> = {}) => {
    const result = await client.callTool({ name, arguments: args });
    const meta = result._meta?.["clara/failure"] as { readonly code?: string } | undefined;
    return { code: meta?.code ?? "(none)", text: textOf(result.content) };
  },
});

const textOf = (content: unknown): string =>
  (content as readonly { readonly text?: string }[]).map(({ text }) => text ?? "").join("\n");
