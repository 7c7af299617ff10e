import { z } from "zod";
import type { Scope } from "./principal.ts";

/** Rules of one person. */
export const MAX_MAIL_RULES = 100;
const MAX_RULE_NAME_CHARS = 80;
const MAX_PATTERN_CHARS = 300;
const MAX_PRIORITY = 1_000;

export const IMPORTANCES = ["low", "normal", "high", "urgent"] as const;
export type Importance = (typeof IMPORTANCES)[number];

export const MAIL_ACTIONS = ["alert", "digest", "ignore", "label", "prompt"] as const;
export type MailAction = (typeof MAIL_ACTIONS)[number];

export const DMARC_RESULTS = ["pass", "fail", "none", "unknown"] as const;
/** none: the sender's domain asks for nothing. unknown: the own server did not say. */
export type Dmarc = (typeof DMARC_RESULTS)[number];

const words = z.array(z.string().trim().min(1).max(200)).min(1).max(50);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** One thing that is asked of a mail. Words are compared without regard to case. */
const condition = z.discriminatedUnion("kind", [
  /** The address or the name beside it. */
  z.strictObject({ kind: z.literal("sender"), contains: words }),
  /** Subdomains count. */
  z.strictObject({ kind: z.literal("domain"), is: words }),
  z.strictObject({ kind: z.literal("to"), contains: words }),
  z.strictObject({ kind: z.literal("subject"), contains: words }),
  z.strictObject({ kind: z.literal("body"), contains: words }),
  z.strictObject({
    kind: z.literal("regex"),
    in: z.enum(["sender", "subject", "body"]),
    pattern: z.string().min(1).max(MAX_PATTERN_CHARS),
  }),
  /** Empty: any mailing list. */
  z.strictObject({
    kind: z.literal("list"),
    contains: z.array(z.string().trim().min(1).max(200)).max(50),
  }),
  z.strictObject({
    kind: z.literal("attachment"),
    has: z.boolean(),
    /** Without the dot; left out: any. */
    endings: z.array(z.string().trim().min(1).max(20)).max(50).optional(),
  }),
  z.strictObject({ kind: z.literal("dmarc"), is: z.array(z.enum(DMARC_RESULTS)).min(1) }),
  z.strictObject({
    kind: z.literal("size"),
    overBytes: z.int().min(0).optional(),
    underBytes: z.int().min(0).optional(),
  }),
  /** When it came, on the owner's clock; may go over midnight. Monday is 1. */
  z.strictObject({
    kind: z.literal("time"),
    from: clock,
    to: clock,
    weekdays: z.array(z.int().min(1).max(7)).max(7).optional(),
  }),
]);
const conditions = z.array(condition).max(50);

/** All of `all`, at least one of `any` where there are some, and none of `none`. Empty fits every mail. */
export const ruleDefinition = z.strictObject({
  all: conditions.default([]),
  any: conditions.default([]),
  none: conditions.default([]),
});

export type Condition = z.infer<typeof condition>;
export type RuleDefinition = z.infer<typeof ruleDefinition>;

export const newMailRule = z.strictObject({
  name: z.string().trim().min(1).max(MAX_RULE_NAME_CHARS),
  definition: ruleDefinition,
  /** The highest that fits decides, of equal ones the older. */
  priority: z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY).default(0),
  importance: z.enum(IMPORTANCES).default("normal"),
  action: z.enum(MAIL_ACTIONS).default("alert"),
  /** null: as the account has it. */
  pings: z.boolean().nullable().default(null),
  /** For the action "label". */
  label: z.string().trim().min(1).max(50).nullable().default(null),
  /** For the action "prompt": what to do with the mail, in words. */
  prompt: z.string().trim().min(1).max(1_000).nullable().default(null),
  /** null: for all accounts of the person. */
  accountId: z.int().nullable().default(null),
  preset: z.string().max(40).nullable().default(null),
  isEnabled: z.boolean().default(true),
});

export type NewMailRule = z.infer<typeof newMailRule>;
export type MailRule = NewMailRule & { readonly id: number };

export type SavedMailRule =
  | { readonly kind: "saved"; readonly rule: MailRule }
  | { readonly kind: "too-many" }
  /** No such account of his. */
  | { readonly kind: "no-account" };

/** A person's own rules, and nobody else's: every scope has to be private. */
export interface MailRules {
  /** One of the same name takes the older one's place. */
  readonly save: (scope: Scope, rule: NewMailRule) => Promise<SavedMailRule>;
  /** In the order in which they are tried. */
  readonly list: (scope: Scope) => Promise<readonly MailRule[]>;
  readonly remove: (scope: Scope, id: number) => Promise<boolean>;
  /** How many were there. */
  readonly removePreset: (scope: Scope, preset: string) => Promise<number>;
}
