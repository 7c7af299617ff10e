/**
 * The judge. It knows nothing of the program: it reads what Discord holds and compares it with what people said.
 */

/** A message as Discord's history shows it. */
export interface SeenMessage {
  readonly id: string;
  readonly channelId: string;
  readonly byBot: boolean;
  readonly content: string;
  /** Text of attached files. */
  readonly files: readonly string[];
  /** The message it replies to; null for none. */
  readonly replyTo: string | null;
  /** Labels. */
  readonly buttons: readonly string[];
}

export interface Asked {
  readonly messageId: string;
  readonly channelId: string;
  readonly marker: string;
}

/**
 * Every question has exactly one reply with exactly the whole answer; replies of a channel stand in the order of their
 * questions; nothing unfinished and nothing unasked is left. Empty when all is well.
 */
export function judge(
  history: readonly SeenMessage[],
  asked: readonly Asked[],
  expected: (marker: string) => string,
): readonly string[] {
  const problems: string[] = [];
  for (const question of asked) {
    const replies = history.filter(({ byBot, replyTo }) => byBot && replyTo === question.messageId);
    if (replies.length !== 1) problems.push(`${question.marker}: ${replies.length} replies`);
    for (const reply of replies) {
      const whole = answerFrom(history, reply);
      if (squeeze(whole) !== squeeze(expected(question.marker)))
        problems.push(
          `${question.marker}: the answer is not whole: ${JSON.stringify(whole.slice(0, 200))}`,
        );
    }
  }
  const known = new Set([...asked.map(({ messageId }) => messageId), ...botIds(history)]);
  for (const { id, byBot, buttons, replyTo } of history) {
    if (!byBot) continue;
    if (buttons.includes("Stop")) problems.push(`${id}: still has a Stop button`);
    if (replyTo === null || !known.has(replyTo))
      problems.push(`${id}: replies to nothing that was asked`);
    const followers = history.filter((other) => other.byBot && other.replyTo === id);
    const isLast = followers.length === 0;
    if (isLast !== buttons.includes("Retry"))
      problems.push(`${id}: ${isLast ? "ends without" : "goes on below"} the buttons of an answer`);
    if (followers.length > 1) problems.push(`${id}: continued ${followers.length} times`);
  }
  return [...problems, ...outOfOrder(history, asked)];
}

/** The reply and the parts that continue it: each replies to the one before. */
function answerFrom(history: readonly SeenMessage[], reply: SeenMessage): string {
  const parts: SeenMessage[] = [];
  for (let part: SeenMessage | undefined = reply; part;) {
    parts.push(part);
    const before: string = part.id;
    part = history.find(({ byBot, replyTo }) => byBot && replyTo === before);
  }
  return parts.flatMap(({ content, files }) => (files.length > 0 ? files : [content])).join("\n");
}

function outOfOrder(history: readonly SeenMessage[], asked: readonly Asked[]): readonly string[] {
  const problems: string[] = [];
  const channels = new Set(asked.map(({ channelId }) => channelId));
  for (const channel of channels) {
    const questions = asked.filter(({ channelId }) => channelId === channel);
    const ends = questions.map(({ messageId }) =>
      history.find(({ byBot, replyTo }) => byBot && replyTo === messageId),
    );
    for (let index = 1; index < ends.length; index++) {
      const [before, after] = [ends[index - 1], ends[index]];
      if (before && after && compare(before.id, after.id) > 0)
        problems.push(
          `${questions[index]?.marker}: answered before ${questions[index - 1]?.marker}`,
        );
    }
  }
  return problems;
}

const botIds = (history: readonly SeenMessage[]) =>
  history.filter(({ byBot }) => byBot).map(({ id }) => id);

const compare = (a: string, b: string): number => Number(BigInt(a) - BigInt(b));

/** Splitting may move blanks and line ends; words may not change. */
const squeeze = (text: string): string => text.replace(/\s+/g, " ").trim();
