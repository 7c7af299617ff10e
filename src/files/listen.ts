import type {
  AttachmentSource,
  Listened,
  SaidAttachment,
  Transcribed,
  Transcriber,
} from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { ContentPart } from "../core/model.ts";
import type { Ledger, SpokenWords } from "../core/stores.ts";
import type { Turn } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import { kindOf } from "./kinds.ts";
import { plainName } from "./plain-name.ts";
import { text, unread } from "./words-of.ts";

/** What OpenAI takes. https://platform.openai.com/docs/guides/speech-to-text */
const MAX_SOUND_BYTES = 25 * 1_024 * 1_024;
/** Of one question; each costs money and time. */
const MAX_NEW = 3;

const OFF = "hearing is not set up here: whoever runs me can set TRANSCRIPTION_API_KEY";

const WORDLESS = "no words are to be heard in it";

interface Deps {
  /** null: nothing that hears is set up. */
  readonly transcriber: Transcriber | null;
  readonly spokenWords: SpokenWords;
  readonly charge: Ledger["charge"];
  /** True while no budget is reached. */
  readonly allow: (
    scope: Turn["scope"],
    conversation: Turn["conversation"]["id"],
  ) => Promise<boolean>;
  readonly log: Log;
}

interface Limits {
  /** Of recordings whose length the platform tells; others are limited by their size alone. */
  readonly maxSeconds: number;
  /** Of the words of one recording. */
  readonly maxChars: number;
}

type Asking = Pick<Turn, "id" | "scope" | "conversation">;

/**
 * Hears the sound among a question's attachments, one after the other, and keeps the words with their message, also that
 * there are none, so that nothing is heard and paid twice. A voice message is what its author says; another recording is
 * a file like others.
 */
export function createListener(deps: Deps, limits: Limits) {
  async function hear(
    source: AttachmentSource | null,
    asking: Asking,
    attachment: SaidAttachment,
    signal: AbortSignal,
  ): Promise<Transcribed> {
    const { transcriber } = deps;
    const { name, contentType, sizeBytes, seconds = null } = attachment;
    if (transcriber === null) return refused(OFF);
    if (seconds !== null && seconds > limits.maxSeconds)
      return refused(`it lasts ${Math.round(seconds)} s, and the limit is ${limits.maxSeconds} s`);
    if (sizeBytes > MAX_SOUND_BYTES) return refused("it is larger than 25 MB");
    if (source === null) return refused("files cannot be fetched from here");
    const { scope, conversation, id: turnId } = asking;
    if (!(await deps.allow(scope, conversation.id)))
      return refused("a budget of today is spent; it can be heard tomorrow");
    const fetched = await source.fetch(attachment, MAX_SOUND_BYTES, signal);
    if (fetched.kind === "gone") return refused("it is not there any more");
    if (fetched.kind === "too-large") return refused("it is larger than 25 MB");
    const sound = { name, contentType, seconds, bytes: fetched.bytes };
    const heard = await transcriber.transcribe(sound, signal);
    if (heard.kind === "refused" && heard.status !== undefined)
      deps.log.warn({ attachmentId: attachment.id, status: heard.status }, "sound-refused");
    if (heard.kind === "refused") return heard;
    await deps.charge(scope, conversation.id, { purpose: "speech", turnId, cost: heard.cost });
    const words = heard.text.trim().slice(0, limits.maxChars);
    await deps.spokenWords.keep(scope, attachment.messageId, attachment.id, words);
    return words === "" ? refused(WORDLESS) : { ...heard, text: words };
  }

  async function tryToHear(...given: Parameters<typeof hear>): Promise<Transcribed> {
    const [, , { id }, signal] = given;
    try {
      return await hear(...given);
    } catch (error) {
      signal.throwIfAborted();
      deps.log.warn({ attachmentId: id, error: asError(error) }, "sound-unheard");
      return refused("it could not be heard just now");
    }
  }

  return async (
    source: AttachmentSource | null,
    asking: Asking,
    attachments: readonly SaidAttachment[],
    signal: AbortSignal,
  ): Promise<Listened> => {
    const isSound = ({ name, contentType }: SaidAttachment) =>
      kindOf(name, contentType) === "sound";
    const parts: ContentPart[] = [];
    let isChanged = false;
    let left = MAX_NEW;
    for (const sound of attachments.filter(isSound)) {
      const { words, isVoice } = sound;
      const isNew = words === undefined;
      const heard = !isNew
        ? known(words)
        : left-- > 0
          ? await tryToHear(source, asking, sound, signal)
          : refused(`only ${MAX_NEW} recordings are heard for one question`);
      if (heard.kind === "refused") parts.push(...unread(sound, heard.why));
      else if (isVoice !== true) parts.push(recording(sound.name, heard.text));
      if (heard.kind === "heard" && isNew) isChanged = true;
    }
    return { isChanged, rest: attachments.filter((each) => !isSound(each)), parts };
  };
}

/** What was heard before. */
const known = (words: string) =>
  words === "" ? refused(WORDLESS) : { kind: "heard" as const, text: words };

const refused = (why: string): Transcribed => ({ kind: "refused", why });

const recording = (name: string, words: string): ContentPart =>
  text(`[heard in the recording ${plainName(name)}]\n${words}\n[end of recording]`);
