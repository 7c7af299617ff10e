import { Failure, type FailureCode } from "../../kit/failure.ts";
import { find, textAt, type XmlNode } from "./xml-node.ts";

const MAX_WORDS = 500;
const MAX_INNER = 16;

export interface Fault {
  /** Without its prefix: CBR_001_0003, or ActionNotSupported. */
  readonly code: string;
  /** What went wrong innermost, in Y2's words. */
  readonly message: string;
  /** For Cegid's support. */
  readonly trackingId: string | null;
  /** Which fields are wrong, where it says so. */
  readonly members: readonly string[];
}

/** `<s:Fault>`, of whatever kind: business error, validation, or WCF itself. */
export function toFault(node: XmlNode): Fault {
  const code = (textAt(node, "faultcode") ?? "").replace(/^.*:/, "");
  const detail = find(node, "detail")?.children[0] ?? null;
  const members = find(detail, "MemberNames")?.children.map(({ text }) => text.trim()) ?? [];
  return {
    code,
    message: deepest(detail) ?? textAt(node, "faultstring") ?? "nothing",
    trackingId: textAt(detail, "TrackingId"),
    members: members.filter(Boolean),
  };
}

/** Around the useful words Y2 wraps exceptions that say no more than that there was one. */
function deepest(detail: XmlNode | null): string | null {
  let at = detail;
  let words = textAt(at, "Message");
  for (let depth = 0; at && depth < MAX_INNER; depth += 1) {
    at = find(at, "InnerException");
    words = textAt(at, "Message") ?? words;
  }
  return words;
}

interface Meaning {
  readonly when: RegExp;
  readonly code: FailureCode;
  readonly what: string;
  readonly hint: string;
}

const MEANINGS: readonly Meaning[] = [
  {
    when: /CBR00009|already exists?/i,
    code: "CONFLICT",
    what: "It exists already.",
    hint: "Look it up by its external reference: it needs not be created again.",
  },
  {
    when: /order cancell?ed/i,
    code: "CONFLICT",
    what: "The document is cancelled, and nothing more can be done with it.",
    hint: "There is nothing left to do. Trying again will not help.",
  },
  {
    when: /\b(is|was) (closed|locked)\b|closed document|no longer active/i,
    code: "CONFLICT",
    what: "The document is closed or locked.",
    hint: "Read it first; what is locked can be unlocked, what is closed stays as it is.",
  },
  {
    when: /failed to identify|not found|unknown|does not exist|no such/i,
    code: "NOT_FOUND",
    what: "There is no such thing in Cegid Y2.",
    hint: "Look it up with a list or a search first.",
  },
  {
    when: /access (is )?denied|not (allowed|authori[sz]ed)|insufficient rights?/i,
    code: "FORBIDDEN",
    what: "The account of Cegid Y2 may not do that.",
    hint: "Its administrator has to give the account the right for this service. Trying again will not help.",
  },
];

const NOT_OFFERED = /ActionNotSupported|ContractFilter|EndpointNotFound/i;
const NOT_READ = /DeserializationFailed|^Client$|InvalidRequest/i;

/** The same in words that say what to do. */
export function faultFailure(fault: Fault): Failure {
  const { code, what, hint } = meaningOf(fault);
  const said = fault.message.replaceAll(/\s+/g, " ").slice(0, MAX_WORDS);
  const inner = /\(([A-Z]+\d+)\)/.exec(fault.message)?.[1];
  return new Failure(code, `${what} It says: ${said}`, {
    hint,
    details: {
      fault: inner ?? fault.code,
      ...(fault.trackingId === null ? {} : { tracking_id: fault.trackingId }),
      ...(fault.members.length === 0 ? {} : { fields: fault.members }),
    },
  });
}

function meaningOf({ code, message, members }: Fault): Omit<Meaning, "when"> {
  if (NOT_OFFERED.test(code) || NOT_OFFERED.test(message))
    return {
      code: "UNSUPPORTED_OPERATION",
      what: "This Cegid Y2 does not offer that service.",
      hint: "Its version may be too old, or the service is not licensed. Trying again will not help.",
    };
  if (members.length > 0 || NOT_READ.test(code))
    return {
      code: "INVALID_ARGUMENT",
      what: "Cegid Y2 refuses these values.",
      hint: "Correct the fields that it names.",
    };
  return (
    MEANINGS.find(({ when }) => when.test(message)) ?? {
      code: "UPSTREAM_REJECTED",
      what: "Cegid Y2 refuses it.",
      hint: "Correct what it names. With the tracking id Cegid's support finds the reason.",
    }
  );
}
