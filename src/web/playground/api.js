/** What the page asks of Clara. Every failure is an Error whose message is meant for the person. */

const ROOT = "/api/playground";
/** When the browser has given a stream up by itself. */
const FOLLOW_AGAIN_MS = 3_000;

export const send = (conversation, text, tier) =>
  call("POST", "/messages", { conversation, text, ...(tier === "" ? {} : { tier }) });

export const revise = (messageId, text) =>
  call("PATCH", `/messages/${encodeURIComponent(messageId)}`, { text });

export const forget = (messageId) => call("DELETE", `/messages/${encodeURIComponent(messageId)}`);

export const stop = (turnId) => call("POST", "/stop", { turn: turnId });

/** Resolves with the messages, oldest first. */
export const history = async (conversation) =>
  (await call("GET", `/conversations/${encodeURIComponent(conversation)}/messages`)).messages;

/** Also when she is not well: then too the answer says how she is. */
export const health = async () => (await ask("/health", {})).json();

async function call(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await ask(ROOT + path, { method, headers, body: JSON.stringify(body) });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `Clara answered with ${response.status}.`);
  return answer;
}

async function ask(path, options) {
  try {
    return await fetch(path, options);
  } catch (cause) {
    throw new Error("Clara does not answer. Is she still running?", { cause });
  }
}

/**
 * Listens to a conversation until the returned function is called. `onOpen` comes again after each interruption,
 * before the events that bring the page up to date.
 */
export function follow(conversation, { onOpen, onEvent, onLost }) {
  let source = null;
  let timer = null;
  const open = () => {
    source = new EventSource(`${ROOT}/events?conversation=${encodeURIComponent(conversation)}`);
    source.addEventListener("open", onOpen);
    source.addEventListener("message", ({ data }) => onEvent(JSON.parse(data)));
    source.addEventListener("error", () => {
      onLost();
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, FOLLOW_AGAIN_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
