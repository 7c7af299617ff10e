import { z } from "zod";
import type { Sound, Transcribed, Transcriber } from "../core/files.ts";
import { USER_AGENT } from "./adapter.ts";

export interface TranscriberOptions {
  /** Without a slash at its end, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** null for a server at home that wants none. */
  readonly apiKey: string | null;
  readonly model: string;
  readonly usdPerMinute: number;
}

const TIMEOUT_MS = 120_000;
/** Of speech as Discord records it: for what does not say how long it lasts. */
const BYTES_PER_SECOND = 4_000;
const MAX_SECONDS = 86_400;

const answer = z.looseObject({
  text: z.string(),
  duration: z.number().nullish().catch(null),
  usage: z
    .looseObject({ seconds: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** Speech as words, by OpenAI's interface for transcriptions, which many servers have. */
export function createTranscriber(
  { fetch }: { readonly fetch: typeof globalThis.fetch },
  options: TranscriberOptions,
): Transcriber {
  const { baseUrl, apiKey, model } = options;
  return {
    async transcribe(sound, signal) {
      // Nobody loads the SDK who never hears anything.
      const { OpenAI, toFile } = await import("openai");
      const client = new OpenAI({
        apiKey: apiKey ?? "none",
        baseURL: baseUrl,
        organization: null,
        project: null,
        adminAPIKey: null,
        defaultHeaders: USER_AGENT,
        fetch,
        timeout: TIMEOUT_MS,
        maxRetries: 1,
        logLevel: "off",
      });
      try {
        const file = await toFile(sound.bytes, nameFor(sound));
        const body = { file, model, response_format: "json" as const };
        const said: unknown = await client.audio.transcriptions.create(body, { signal });
        return toHeard(said, sound, options);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof OpenAI.APIError)) throw error;
        // Its own words may quote the key.
        const status: number = error.status ?? 0;
        const why = whyNot(status);
        return { kind: "refused", why, ...(!OF_THE_SOUND.has(status) && { status }) };
      }
    },
  };
}

function toHeard(said: unknown, sound: Sound, options: TranscriberOptions): Transcribed {
  const parsed = answer.safeParse(said);
  if (!parsed.success)
    return { kind: "refused", why: "the service that hears gave something else than words" };
  const { text, duration, usage } = parsed.data;
  const told = usage?.seconds ?? duration ?? null;
  const seconds = told ?? sound.seconds ?? sound.bytes.length / BYTES_PER_SECOND;
  const minutes = Math.min(Math.max(seconds, 0), MAX_SECONDS) / 60;
  const costUsd = minutes * options.usdPerMinute;
  return {
    kind: "heard",
    text,
    cost: {
      provider: "speech",
      model: options.model,
      usage: { ...NO_TOKENS, costUsd, estimated: told === null },
    },
  };
}

const NO_TOKENS = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

/** What the service says of a sound that it does not like. */
const OF_THE_SOUND: ReadonlySet<number> = new Set([400, 413, 415, 422]);

function whyNot(status: number): string {
  switch (status) {
    case 400:
    case 415:
    case 422:
      return "the service that hears cannot make anything of it";
    case 401:
    case 403:
      return "the service that hears does not accept the key: whoever runs me can look at TRANSCRIPTION_API_KEY";
    case 404:
      return "there is no such service or model: whoever runs me can look at TRANSCRIPTION_BASE_URL and TRANSCRIPTION_MODEL";
    case 413:
      return "it is too large for the service that hears";
    case 429:
      return "the service that hears asks to slow down, or its account is empty; try again later";
    default:
      return "the service that hears does not answer now; try again later";
  }
}

/** Servers tell the format by the ending. What people call their files is nobody's business. */
function nameFor({ name, contentType }: Sound): string {
  const ending = /\.([a-z0-9]{2,4})$/i.exec(name)?.[1]?.toLowerCase();
  const byType = /^audio\/([a-z0-9]{2,4})\b/.exec(contentType ?? "")?.[1];
  return `sound.${ending ?? byType ?? "ogg"}`;
}
