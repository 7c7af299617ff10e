import { createHash } from "node:crypto";
import { audienceKey, type Scope } from "./principal.ts";

const NAME_CHARS = 32;

const nameOf = (key: string): string =>
  createHash("sha256").update(key).digest("hex").slice(0, NAME_CHARS);

/** Whose workspaces: a name that tells nobody who it is. */
export const sandboxPersonOf = ({ principal }: Pick<Scope, "principal">): string =>
  nameOf(principal.userId);

/**
 * Whose workspace: of one person in one place, as files are. What came in where nobody else reads is not there where
 * others do.
 */
export const sandboxOwnerOf = (scope: Scope): string =>
  `${sandboxPersonOf(scope)}.${nameOf(audienceKey(scope.audience))}`;
