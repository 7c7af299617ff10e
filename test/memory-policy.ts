import type { Approval, AskedCall, ToolRule } from "../src/core/approvals.ts";
import { conversationId, turnId, userId } from "../src/core/ids.ts";
import type { Taint } from "../src/core/taint.ts";
import type { PermitDeps } from "../src/agent/permit.ts";

export interface MemoryPolicy extends PermitDeps {
  readonly asked: AskedCall[];
}

interface Given {
  readonly rules?: readonly ToolRule[];
  readonly granted?: boolean;
  /** What earlier turns had read. */
  readonly before?: readonly Taint[];
  /** What tools gave those turns. */
  readonly addresses?: readonly string[];
  readonly toRun?: Approval | null;
}

/** Rules, approvals and taints in memory, for tests of what is built on the ports. The real ones are in src/store. */
export function memoryPolicy(given: Given = {}): MemoryPolicy {
  const { rules = [], granted = false, before = [], toRun = null, addresses = [] } = given;
  const asked: AskedCall[] = [];
  return {
    asked,
    rules: { of: async () => rules },
    approvals: {
      async ask(_, call) {
        if (!asked.some(({ argsHash }) => argsHash === call.argsHash)) asked.push(call);
        return toApproval(call);
      },
      openOf: async () => asked.map(toApproval),
      isGranted: async () => granted,
      toRun: async () => toRun,
    },
    audit: { taintsOf: async () => before, addressesOf: async () => addresses },
    hosts: ["allowed.example"],
  };
}

const toApproval = (call: AskedCall): Approval => ({
  ...call,
  id: call.argsHash.slice(0, 16),
  turnId: turnId("turn:discord:1"),
  conversationId: conversationId("discord:channel:dm-ana"),
  askerId: userId("discord:ana"),
  askerName: "ana",
  state: "open",
});

/** As where an admin allows everything: for tests of something else. */
export const freePolicy = (): MemoryPolicy =>
  memoryPolicy({ rules: [{ holder: "guild", tool: "*", verdict: "allow", clicker: "asker" }] });
