import { z } from "zod";
import type { ToolFile, ToolOutput } from "../../core/tool.ts";
import { defineTool, type Tool, type ToolContext } from "../../core/tool.ts";
import { audienceKey, type Scope } from "../../core/principal.ts";
import type { AccessToken } from "./access-tokens.ts";
import type { Accounts, FoundAccount } from "./account.ts";
import { createApis, type Apis } from "./apis.ts";
import { isPrivate } from "./connection.ts";
import { toWords } from "./failures.ts";
import { createGoogleFetch, type GoogleFetchDeps } from "./google-fetch.ts";
import { RECONNECT } from "./problem.ts";
import { isGranted, nameOf, type GoogleHosts, type Service } from "./services.ts";

export interface GoogleDeps extends GoogleFetchDeps {
  readonly accounts: Accounts;
  readonly accessToken: AccessToken;
  readonly hosts: GoogleHosts;
  /** The person's own time zone, or the house's. */
  readonly zoneOf: (scope: Scope) => Promise<string>;
}

export interface GoogleResult {
  readonly text: string;
  /** Addresses at Google that may be shown as links. */
  readonly links?: readonly (string | null | undefined)[];
  readonly files?: readonly ToolFile[];
}

interface GoogleTool<Input> extends Pick<
  Tool<Input>,
  "name" | "description" | "label" | "effect" | "input" | "explain"
> {
  readonly needs: Service;
  readonly run: (
    input: Input,
    apis: Apis,
    context: ToolContext & { readonly zone: () => Promise<string> },
  ) => Promise<GoogleResult>;
}

const TIMEOUT_MS = 90_000;
/** Of what the model gets; whoever wants more asks for the next page, or for a smaller range. */
const MAX_CHARS = 20_000;

export const id = (what: string) => z.string().trim().min(1).max(400).describe(what);
export const title = (what: string) => z.string().trim().min(1).max(500).describe(what);
export const pageToken = z
  .string()
  .max(4_000)
  .optional()
  .describe("To go on: what the last answer gave");

/** As many lines as there is room for, of usual length. */
export const maxResults = z.int().min(1).max(100);
export const offset = z
  .int()
  .min(0)
  .default(0)
  .describe("To go on with a long text: what the last answer gave");

/** Beside a part of a text, for where the next one begins. */
const NOTE_CHARS = 200;
const MIN_PART_CHARS = 1_000;

/** A text from `from` on, as much of it as there is room for below its head; the head says how to get the rest. */
export function partOf(head: string, text: string, from: number): string {
  if (text.trim() === "") return `${head}\n\n(It is empty.)`;
  if (from >= text.length)
    return `${head}\n\n(There is nothing from there on: it has ${text.length} characters.)`;
  const room = Math.max(MIN_PART_CHARS, MAX_CHARS - NOTE_CHARS - head.length);
  const end = from + room;
  // No sign is cut in two.
  const to = /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") ? end - 1 : end;
  const note =
    to < text.length
      ? `\n[Characters ${from} to ${to} of ${text.length}. For more, call again with offset ${to}.]`
      : "";
  return `${head}${note}\n\n${text.slice(from, to)}`;
}

/** A tool at Google's, on the account of whoever asks. What Google says is others' text, so it taints the turn. */
export const defineGoogleTool = <Input>(
  deps: GoogleDeps,
  { needs, run, ...tool }: GoogleTool<Input>,
): Tool =>
  defineTool<Input>({
    ...tool,
    timeoutMs: TIMEOUT_MS,
    async run(input, context): Promise<ToolOutput> {
      const { scope, signal } = context;
      const person = scope.principal.userId;
      const refusal = refusalOf(scope, await deps.accounts.find(person), needs);
      if (refusal !== null) return { text: refusal, isError: true };
      const token = (refused: string | null) => deps.accessToken(person, refused);
      const fetch = createGoogleFetch(deps, { hosts: deps.hosts, person, signal, token });
      const apis = createApis(fetch, deps.hosts.apiRoot);
      const zone = () => deps.zoneOf(scope);
      const taints = [{ source: "google", name: nameOf(needs) }] as const;
      try {
        const { text, links = [], files } = await run(input, apis, { ...context, zone });
        const sources = links.flatMap((link) => link ?? []);
        return { text: capped(text), taints, sources, ...(files ? { files } : {}) };
      } catch (error) {
        signal.throwIfAborted();
        return { text: toWords(error, tool.effect === "read"), isError: true, taints };
      }
    },
  });

/** null when it may be used here. */
function refusalOf(scope: Scope, found: FoundAccount, needs: Service): string | null {
  if (found.kind === "nothing")
    return "This person has not connected Google. Offer google_connect, which gives a link for that.";
  if (found.kind === "locked")
    return "This person's connection to Google cannot be opened any more, since the key that sealed it is gone. Offer google_connect.";
  const { isRevoked, scopes, places } = found.account;
  if (!isPrivate(scope) && !places.includes(audienceKey(scope.audience)))
    return "Others read along here, so this person's Google stays closed. It works in a DM with me; or the person can run /google here to allow it in this place.";
  if (isRevoked) return RECONNECT;
  return isGranted(needs, scopes)
    ? null
    : `${nameOf(needs)} was not allowed when this person connected Google. Offer google_connect, and say that it has to be ticked on Google's page.`;
}

const capped = (text: string): string =>
  text.length <= MAX_CHARS
    ? text
    : `${text.slice(0, MAX_CHARS)}\n[Cut here: ${text.length - MAX_CHARS} more characters. Ask for less at once.]`;
