import { EXIT } from "../lib/exit-codes.ts";

export const HELP = `clara: an AI assistant for Discord that you host yourself

  clara setup      from nothing to an answer, in three questions
  clara start      everything that is set up: Discord, web page, answers
  clara chat       talk to her here in the terminal
  clara doctor     look for what is wrong, and say what to do
                   --json   the same for programs
  clara import mem0 FILE --user ID
                   memories of a person from mem0 or an older Clara
                   --dry-run   tell what would come of it, keep nothing
  clara export --user ID --to FOLDER
                   everything that she keeps of a person, with the files
  clara import mail FILE
                   mailboxes and rules of an older Clara; docs/MAIL.md
  clara memory re-embed
                   all vectors of memories anew
  clara backup     a copy of everything
                   list   the copies that there are   verify [NAME]   read one
  clara restore NAME
                   bring a copy back into an empty database
  clara move ADDRESS
                   everything into another database, which is empty
  clara serve NAME
                   an MCP server that comes with her (kledo, qontak), for any program that
                   speaks MCP, by standard input and output
                   --http PORT   by Streamable HTTP instead
                   --demo        with made-up data, without an account
  clara serve sandbox
                   runs code in this machine's Docker, for Clara on another machine
                   --http PORT   instead of SANDBOX_API_PORT
  clara mcp-token ID
                   a token by which a person's own programs reach Clara (clara serve mcp)
                   --change   they may change things, too   --days N   --label WORDS
  clara new-key    a new key for CLARA_SECRET_KEYS
  clara rotate-keys
                   move all secrets to the first key of CLARA_SECRET_KEYS
  clara help       this text
  clara version    the version

Settings are environment variables, or lines of a file named .env: docs/CONFIGURATION.md.

Exit codes:
  ${EXIT.ok}    all is well
  ${EXIT.failed}    something broke; for the doctor: something is broken
  ${EXIT.usage}    the command line is not understood
  ${EXIT.stuck}   told to stop, and not done in time
  ${EXIT.config}   the settings cannot be used
  ${EXIT.interrupted}  stopped at once by a second Ctrl-C (${EXIT.terminated} by a second SIGTERM)
`;
