import type { JSONRPCMessage } from "@modelcontextprotocol/client";

/**
 * A result that does not say of which kind it is, is a whole one: the specification of 2026 wants clients to take it so,
 * and the library refuses it. https://modelcontextprotocol.io/specification/2026-07-28/basic
 */
export function sayComplete(message: JSONRPCMessage): void {
  if (!("result" in message)) return;
  const { result } = message;
  if (typeof result === "object" && !("resultType" in result))
    Object.assign(result, { resultType: "complete" });
}
