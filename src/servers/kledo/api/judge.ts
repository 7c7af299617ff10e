import { Failure } from "../../kit/failure.ts";
import { failureOfStatus, type Judge } from "../../kit/upstream/judge.ts";
import { envelope } from "./wire.ts";

const MAX_WORDS = 500;

/** Kledo's own words for what is wrong, and that an answer with status 200 may say that it failed. */
export const judgeKledo: Judge = (reply) => {
  const isJson = (reply.headers.get("content-type") ?? "").includes("json");
  const read = isJson ? envelope.partial().safeParse(jsonOf(reply.text)) : null;
  const said = read?.success ? wordsOf(read.data) : null;
  const failure = failureOfStatus(reply.status, said);
  if (failure !== null) return failure;
  if (!read?.success || read.data.success !== false) return null;
  return new Failure("UPSTREAM_REJECTED", `Kledo refuses it. It says: ${said ?? "nothing"}`, {
    hint: "Correct what it names.",
    status: reply.status,
  });
};

function wordsOf({
  message,
  errors,
}: {
  readonly message?: string | null | undefined;
  readonly errors?: Record<string, unknown> | null | undefined;
}): string | null {
  const fields = Object.entries(errors ?? {}).map(
    ([field, problems]) => `${field}: ${[problems].flat().map(String).join(", ")}`,
  );
  const words = [...(message ? [message] : []), ...fields].join("; ");
  return words === "" ? null : words.slice(0, MAX_WORDS);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Whoever reads the answer says that it is no JSON.
  }
}
