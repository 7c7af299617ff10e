import { createHash } from "node:crypto";
import type {
  Approvals,
  AskedCall,
  Audit,
  StepDecision,
  ToolRule,
  ToolRules,
} from "../core/approvals.ts";
import type { TurnId } from "../core/ids.ts";
import type { JsonObject } from "../core/model.ts";
import type { Taint } from "../core/taint.ts";
import type { Explanation, Tool } from "../core/tool.ts";
import type { Lease, Turn } from "../core/turn.ts";
import { canonicalJson } from "../lib/canonical-json.ts";
import { originOf } from "./data-marks.ts";
import { openAddresses } from "./known-addresses.ts";
import { rule, type Facts, type Ruling } from "./policy.ts";
import { plainName } from "./speakers.ts";

export interface PermitDeps {
  readonly rules: Pick<ToolRules, "of">;
  readonly approvals: Pick<Approvals, "ask" | "openOf" | "isGranted" | "toRun">;
  readonly audit: Pick<Audit, "taintsOf" | "addressesOf">;
  /** Hosts whose pages may always be opened. */
  readonly hosts: readonly string[];
}

/** Of the words that the model was given before it began. */
export interface GivenWords {
  readonly origins: () => Origins;
  /** What the person who asks said here. */
  readonly said: () => readonly string[];
}

/** Where the words came from that the model was given before it began. */
export interface Origins {
  readonly taints: readonly Taint[];
  /** The turns whose answers are among them: what those had read may speak through them. */
  readonly turnIds: readonly TurnId[];
  /** The newest message that a summary stands for; null for none. */
  readonly upTo: Date | null;
}

/** What was decided about one call. */
export interface Decided {
  readonly decision: StepDecision;
  readonly argsHash: string;
  /** Words for the model in place of a run; null when it may run. */
  readonly words: string | null;
}

/** What the tools of one turn may do. */
export interface Permit {
  /** Notes whose words the turn has read now. */
  readonly taint: (taints: readonly Taint[]) => void;
  /** Whose words it has read until now. */
  readonly taints: () => Promise<readonly Taint[]>;
  /** Notes addresses that a tool gave. */
  readonly addAddresses: (addresses: readonly string[]) => void;
  readonly decide: (tool: Tool, input: JsonObject) => Promise<Decided>;
  /** Keeps a call that waits for a click, and gives the words for the model. Done twice, it is kept once. */
  readonly ask: (tool: Tool, input: JsonObject) => Promise<string>;
  readonly hasAsked: () => boolean;
}

/** Cards of one turn; more would be a flood that nobody reads. */
const MAX_ASKED = 4;
/** Sources that a card names. */
const MAX_NAMED = 8;

export const argsHashOf = (tool: string, input: JsonObject): string =>
  createHash("sha256")
    .update(canonicalJson([tool, input]))
    .digest("hex");

export function openPermit(
  { rules, approvals, audit, hosts }: PermitDeps,
  turn: Turn,
  lease: Lease,
  { origins, said }: GivenWords,
): Permit {
  const { scope, conversation } = turn;
  const earlier = () => audit.addressesOf(scope, conversation.id, origins().turnIds);
  const addresses = openAddresses({ hosts, said, earlier });
  const read: Taint[] = [];
  const asked = new Set<string>();
  let set: Promise<readonly ToolRule[]> | null = null;
  let before: Promise<readonly Taint[]> | null = null;

  /** Looked up when something wants to change the world, and not before. */
  async function taints(): Promise<readonly Taint[]> {
    before ??= given();
    return distinct([...(await before), ...read]);
  }

  async function given(): Promise<readonly Taint[]> {
    const { taints: seen, turnIds, upTo } = origins();
    if (turnIds.length === 0 && upTo === null) return seen;
    return [...seen, ...(await audit.taintsOf(scope, conversation.id, { turnIds, upTo }))];
  }

  /** With the words of others that count for this call: for most reads they do not. */
  async function rulingOf(
    tool: Tool,
    input: JsonObject,
    argsHash: string,
  ): Promise<Ruling & Pick<Facts, "taints">> {
    set ??= rules.of(scope, conversation);
    const opensNewAddress = !(await addresses.has(opened(tool, input)));
    const facts = {
      tool,
      rules: await set,
      taints: tool.effect === "read" && !opensNewAddress ? [] : await taints(),
      opensNewAddress,
      isGranted: false,
    };
    const ruling = rule(facts);
    if (ruling.verdict !== "ask" || facts.taints.length > 0)
      return { ...ruling, taints: facts.taints };
    const call = { tool: tool.name, argsHash };
    const isGranted = await approvals.isGranted(scope, conversation.id, call);
    return { ...rule({ ...facts, isGranted }), taints: facts.taints };
  }

  return {
    taint: (taken) => void read.push(...taken),
    taints,
    addAddresses: addresses.add,

    async decide(tool, input) {
      const argsHash = argsHashOf(tool.name, input);
      const { verdict, because } = await rulingOf(tool, input, argsHash);
      const words = verdict === "deny" ? DENIED : null;
      if (verdict !== "ask" || asked.has(argsHash) || asked.size < MAX_ASKED) {
        if (verdict === "ask") asked.add(argsHash);
        return { decision: verdict, argsHash, words };
      }
      return { decision: "deny", argsHash, words: `${TOO_MANY} (${because})` };
    },

    async ask(tool, input) {
      const argsHash = argsHashOf(tool.name, input);
      asked.add(argsHash);
      const { clicker, taints: counting } = await rulingOf(tool, input, argsHash);
      const call: AskedCall = {
        tool: tool.name,
        effect: tool.effect,
        input,
        argsHash,
        ...withCost(explained(tool, input), tool),
        clicker,
        taints: counting.slice(0, MAX_NAMED),
      };
      const { askerName, what } = await approvals.ask(lease, call);
      const who = clicker === "admin" ? "an admin of this server" : plainName(askerName);
      return `Not done yet: "${what}" waits for a click of ${who} on the card below your answer. Say so in one sentence. Do not call it again, and do not say that it was done.`;
    },

    hasAsked: () => asked.size > 0,
  };
}

const DENIED =
  "Not done: the rules of this place do not allow this tool here. Say so; who manages the server, or the person, can change the rules.";
const TOO_MANY =
  "Not done: too many calls of this answer wait for a click already. Ask again when those are decided";

const withCost = (explanation: Explanation, { cost }: Tool): Explanation =>
  cost === undefined ? explanation : { ...explanation, what: `${explanation.what}, for ${cost}` };

function explained(tool: Tool, input: JsonObject): Explanation {
  const plain = { what: `Use ${tool.name}`, target: "", reversible: false };
  const parsed = tool.input.safeParse(input);
  if (!tool.explain || !parsed.success) return plain;
  try {
    return tool.explain(parsed.data);
  } catch {
    // The arguments stand on the card anyway.
    return plain;
  }
}

/** Arguments that the tool does not take open nothing. */
function opened(tool: Tool, input: JsonObject): readonly string[] {
  const parsed = tool.opens && tool.input.safeParse(input);
  return parsed?.success ? (tool.opens?.(parsed.data) ?? []) : [];
}

const distinct = (taints: readonly Taint[]): readonly Taint[] => [
  ...new Map(taints.map((taint) => [originOf(taint), taint])).values(),
];
