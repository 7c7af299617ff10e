import { failureOfStatus, type Judge } from "../../kit/upstream/judge.ts";
import type { UpstreamReply } from "../../kit/upstream/reply.ts";
import { envelope, refusal } from "./wire.ts";

const MAX_WORDS = 400;
const OK = 200;

/** Qontak answers with 200 and says within `meta` that it failed: what stands there counts. */
export const judgeQontak: Judge = (reply) => {
  const body = jsonOf(reply);
  const read = envelope.safeParse(body);
  const meta = read.success ? (read.data.meta ?? null) : null;
  const words = meta ? (meta.developer_message ?? meta.message ?? null) : refusalOf(body);
  const isHttpOk = reply.status >= 200 && reply.status < 300;
  return failureOfStatus(isHttpOk ? (meta?.status ?? OK) : reply.status, shown(words));
};

function refusalOf(body: unknown): string | null {
  const read = refusal.safeParse(body);
  if (!read.success) return null;
  const { error, error_description, message } = read.data;
  const said = typeof error === "string" ? error : error?.message;
  return error_description ?? said ?? message ?? null;
}

const shown = (words: string | null): string | null =>
  words === null || words.trim() === "" ? null : words.replace(/\s+/g, " ").slice(0, MAX_WORDS);

function jsonOf({ text }: UpstreamReply): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Whoever reads the answer says that it is no JSON.
  }
}
