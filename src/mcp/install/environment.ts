const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,100}$/;
/** Longer than any key. */
const MAX_VALUE_CHARS = 8_192;
/** They change what a program is, not what it is told: which libraries and files are loaded, which programs are found. */
const NOT_FOR_SERVERS =
  /^(?:PATH|HOME|SHELL|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|NODE_.*|LD_.*|DYLD_.*|PYTHON.*|PERL5?(?:OPT|LIB|DB)|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|CLASSPATH|GIT_.*|SSH_.*|DOCKER_.*|npm_.*|XDG_.*|CLARA_.*|DISCORD_.*|DATABASE_URL)$/i;

/** Why a server may not be given this variable; null when it may. The value is never in the words. */
export function variableTrouble(name: string, value: string): string | null {
  if (!NAME.test(name)) return "that is no name of a variable: letters, digits and `_`";
  if (NOT_FOR_SERVERS.test(name))
    return `\`${name}\` changes how programs run, so it is not given to servers`;
  // eslint-disable-next-line no-control-regex -- a line break would be a variable of its own.
  if (/[\u0000-\u001f\u007f]/.test(value))
    return `the value of \`${name}\` holds a line break or the like`;
  if (value.length > MAX_VALUE_CHARS)
    return `the value of \`${name}\` is longer than ${MAX_VALUE_CHARS} characters`;
  return null;
}

const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Those that HTTP itself or the protocol sets. */
const OWN_HEADERS =
  /^(?:host|connection|content-.*|transfer-encoding|upgrade|te|trailer|mcp-.*|accept|origin|cookie|proxy-.*)$/i;

/** The same for a header of a server on the web. */
export function headerTrouble(name: string, value: string): string | null {
  if (!HEADER.test(name)) return "that is no name of a header";
  if (OWN_HEADERS.test(name)) return `\`${name}\` is set by the connection itself`;
  if (!/^[\x20-\x7e]*$/.test(value))
    return `the value of \`${name}\` holds letters that no header bears`;
  if (value.length > MAX_VALUE_CHARS)
    return `the value of \`${name}\` is longer than ${MAX_VALUE_CHARS} characters`;
  return null;
}
