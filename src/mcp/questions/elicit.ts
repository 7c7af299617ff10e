import type { ElicitRequest, ElicitResult } from "@modelcontextprotocol/client";
import type { McpAnswer, McpQuestion } from "../../core/mcp-questions.ts";
import { readValues } from "../../core/mcp-values.ts";
import { clean, shorten } from "../clean.ts";
import { toFields } from "./fields.ts";
import { MAX_MESSAGE_CHARS, MAX_URL_CHARS } from "./limits.ts";

/** What is asked, for the person; null for what cannot be asked. */
export function toQuestion(
  serverName: string,
  { params }: Pick<ElicitRequest, "params">,
): McpQuestion | null {
  const asked = { serverName, message: shorten(clean(params.message).trim(), MAX_MESSAGE_CHARS) };
  if ("url" in params)
    return isPage(params.url) ? { ...asked, kind: "page", url: params.url } : null;
  const fields = toFields(params.requestedSchema);
  return fields && { ...asked, kind: "form", fields };
}

/** What the server is told. Values are read again here, whoever read them before. */
export function toResult(question: McpQuestion, answer: McpAnswer): ElicitResult {
  if (answer.kind !== "accepted")
    return { action: answer.kind === "declined" ? "decline" : "cancel" };
  if (question.kind !== "form") return { action: "accept" };
  const read = readValues(question.fields, answer.values);
  if (read.kind === "bad") return { action: "cancel" };
  const entries = Object.entries(read.content).map(
    ([name, value]) => [name, typeof value === "object" ? [...value] : value] as const,
  );
  return { action: "accept", content: Object.fromEntries(entries) };
}

/** Only what a browser opens as a page, without a name and a password in it. */
function isPage(text: string): boolean {
  const url = text.length <= MAX_URL_CHARS ? URL.parse(text) : null;
  return (
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "localhost")) &&
    url.username === "" &&
    url.password === ""
  );
}
