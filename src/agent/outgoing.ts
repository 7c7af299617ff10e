import type { SecretFilter } from "../lib/secret-filter.ts";
import { inSequence, type StreamFilter } from "../lib/stream-filter.ts";
import { createLinks } from "./outgoing-links.ts";
import { markdownFilter } from "./outgoing-markdown.ts";

/** The one way to people: every answer goes through it before anybody reads it. */
export interface Outgoing {
  /** For one turn. `words`: what the person who asks, and Clara herself, said before. */
  readonly open: (words: () => readonly string[]) => OutgoingTurn;
  /** True for what would be taken out of an answer; tools are not given it either. */
  readonly holdsSecret: (text: string) => boolean;
}

export interface OutgoingTurn {
  /** Where a tool's words came from: these links may be shown from now on. */
  readonly addSources: (sources: readonly string[]) => void;
  /** What may be shown of an answer that grows. Its beginning stays, unless the answer itself began anew. */
  readonly growing: (text: string) => string;
  /** The same for the whole answer; the next one begins behind it. */
  readonly whole: (text: string) => string;
}

export interface OutgoingOptions {
  /** Takes out what is never shown, in no spelling that we know. */
  readonly secrets: SecretFilter;
  /** Every page of these hosts, and of those below them, may be linked to. */
  readonly hosts: readonly string[];
}

export function createOutgoing({ secrets, hosts }: OutgoingOptions): Outgoing {
  return {
    holdsSecret: secrets.finds,
    open(words) {
      const links = createLinks(hosts, words);
      const begin = () =>
        createAnswer(inSequence([secrets.open(), markdownFilter((url) => links.isKnown(url))]));
      let answer = begin();
      const upTo = (text: string, final: boolean) => {
        if (!answer.isBegun(text)) answer = begin();
        return answer.add(text, final);
      };
      return {
        addSources: (sources) => links.add(sources),
        growing: (text) => upTo(text, false),
        whole(text) {
          const shown = upTo(text, true);
          answer = begin();
          return shown;
        },
      };
    },
  };
}

function createAnswer(stream: StreamFilter) {
  let read = "";
  let shown = "";
  return {
    isBegun: (text: string) => text.startsWith(read),
    add(text: string, final: boolean): string {
      shown += stream.push(text.slice(read.length), final);
      read = text;
      return shown;
    },
  };
}
