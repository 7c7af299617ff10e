/** What keys of well-known makers look like. Each ends where its letters end, so that the words around it stay. */
const KEYS = [
  // OpenAI, Anthropic, OpenRouter, and whoever copied them.
  /\bsk-[\w-]{20,}/g,
  /\bgh[pousr]_\w{30,}/g,
  /\bgithub_pat_\w{22,}/g,
  /\bglpat-[\w-]{20,}/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bhv[sb]\.[\w-]{20,}/g,
  /\bnpm_\w{36}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\b[sr]k_(?:live|test)_\w{20,}/g,
  /\bSG\.[\w-]{20,}\.[\w-]{40,}/g,
  /\btvly-[\w-]{16,}/g,
  /\bdop_v1_[0-9a-f]{60,}/g,
  /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/g,
  // A JSON web token.
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g,
  // A token of a Discord bot: its id in base64, a time, a signature.
  /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/g,
  // A web hook: whoever knows it may write.
  /https?:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+/gi,
  /https:\/\/hooks\.slack\.com\/services\/\w+\/\w+\/\w+/gi,
];
const PASSWORD = /(:\/\/[^\s/:@]{1,64}:)([^\s/@]{8,128})(?=@)/g;
/** Stands for a password in an example. */
const EXAMPLE = /pass|secret|example|change|xxx|\*\*\*|your|^\W*$/i;

/** The text with `instead` in place of everything that looks like a key. An example of one ("sk-your-key-here") stays. */
export function withoutKeys(text: string, instead: string): string {
  const known = KEYS.reduce(
    (rest, pattern) => rest.replace(pattern, (key) => (isMadeUp(key) ? key : instead)),
    text,
  );
  return known.replace(PASSWORD, (whole, before: string, password: string) =>
    EXAMPLE.test(password) || isMadeUp(password) ? whole : `${before}${instead}`,
  );
}

/** Nobody's real key is without digits, or has five times the same letter in a row. */
const isMadeUp = (key: string): boolean => !/\d/.test(key) || /(.)\1{4}/.test(key);
