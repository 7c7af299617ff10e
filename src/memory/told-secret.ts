import { createSecretFilter, REMOVED } from "../lib/secret-filter.ts";

/** What one calls something that opens doors, in the languages that people here speak most. */
const NAMES = [
  "password",
  "passwort",
  "kennwort",
  "kata sandi",
  "mot de passe",
  "contraseña",
  "senha",
  "wachtwoord",
  "passphrase",
  "passcode",
  "pass",
  "pw",
  "pin(?: code)?",
  "api[- ]?key",
  "(?:access|refresh|bearer|bot|auth)?[- ]?token",
  "(?:secret|private|recovery|encryption|license)[- ]?key",
  "(?:recovery|backup|access|door|security) code",
  "seed phrase",
  "client secret",
];
const VERBS = ["is", "was", "are", "ist", "lautet", "adalah", "est", "es", "é"];

/** "My wifi password at home is hunter2", "PIN: 4711". The name, perhaps what it is for, a verb, and what follows. */
const TOLD = new RegExp(
  `(?:^|[^\\p{L}\\p{N}])(?:${NAMES.join("|")})s?(?:\\s+(?:saya|kami|nya))?(?:\\s+(?:for|of|at|on|in|to|für|von|untuk|de|du|del)\\s+[^.!?\\n:=]{1,60}?)?(?:\\s+(?:now\\s+)?(?:${VERBS.join("|")})|\\s*[=:])\\s*(?:now\\s+)?["'\`“„«]?([^\\s"'\`”“»]{3,})`,
  "giu",
);
/** Words that one says of a password without telling it. */
const SAID_OF_ONE =
  /^(?:not|no|never|too|very|so|also|still|now|stored|kept|saved|known|in|on|at|with|for|from|by|the|a|an|my|your|his|her|our|their|safe|secret|weak|strong|short|long|lost|gone|old|new|wrong|expired|missing|required|needed|important|forgotten|changed|set|empty|nicht|kein\w*|der|die|das|im|sicher|vergessen)[.,;!?]*$/iu;

/** True when a sentence tells a password, a PIN or a token, and does not only speak of one. Rather too often than too seldom. */
export const tellsSecret = (text: string): boolean =>
  [...text.matchAll(TOLD)].some(([, value = ""]) => !SAID_OF_ONE.test(value));

/**
 * Whether a text is not to be kept. Never kept are the house's own secrets, and what looks like a key of a well-known
 * maker. A password that somebody tells is left out when nobody asked for it to be kept; `isAskedFor`: "remember that".
 */
export type SecretCheck = (text: string, isAskedFor?: boolean) => boolean;

export function createSecretCheck(known: () => readonly string[]): SecretCheck {
  const filter = createSecretFilter(known);
  return (text, isAskedFor = false) =>
    (!isAskedFor && tellsSecret(text)) || filter.whole(text).includes(REMOVED);
}
