import { createExchangeView } from "./draw-exchange.js";
import { EMPTY, isEmpty, isOpen, settle } from "./exchange-state.js";

/**
 * All exchanges of a conversation in `list`, by turn, oldest first. They are changed by functions from a state to the
 * next one. `actions`: edit(turnId, text) and forget(turnId).
 */
export function createExchanges(list, name, actions) {
  const all = new Map();

  function entryOf(turnId) {
    const known = all.get(turnId);
    if (known) return known;
    const view = createExchangeView(name, {
      onEdit: (text) => actions.edit(turnId, text),
      onForget: () => actions.forget(turnId),
    });
    const made = { state: EMPTY, view };
    all.set(turnId, made);
    list.append(view.element);
    return made;
  }

  function change(turnId, toNext) {
    const entry = entryOf(turnId);
    const next = toNext(entry.state);
    if (next === entry.state) return;
    entry.state = next;
    entry.view.draw(next);
  }

  function changeAll(toNext) {
    for (const turnId of all.keys()) change(turnId, toNext);
  }

  function drop(turnId) {
    all.get(turnId).view.element.remove();
    all.delete(turnId);
  }

  function toEnd(turnId) {
    const entry = entryOf(turnId);
    all.delete(turnId);
    all.set(turnId, entry);
    list.append(entry.view.element);
  }

  return {
    change,
    changeAll,
    toEnd,
    turns: () => [...all.keys()],
    stateOf: (turnId) => all.get(turnId)?.state ?? EMPTY,
    wordsOf: (turnId) => all.get(turnId)?.view.words() ?? "",
    /** The oldest turn that is not settled; null when there is none. */
    openTurn: () => [...all].find(([, { state }]) => isOpen(state))?.[0] ?? null,
    /** Those that were there `before` become as the history has them, or go; what was added meanwhile stays, below. */
    showHistory(messages, before) {
      const turnOf = ({ turnId, id }) => turnId ?? id;
      const known = new Set(messages.map(turnOf));
      for (const turnId of before) if (all.has(turnId) && !known.has(turnId)) drop(turnId);
      for (const turnId of before) if (all.has(turnId)) change(turnId, settle);
      const added = [...all.keys()].filter((turnId) => !known.has(turnId));
      for (const turnId of [...known, ...added]) toEnd(turnId);
      for (const message of messages)
        change(turnOf(message), (state) =>
          message.role === "clara"
            ? { ...state, text: message.text, ...figuresOf(message, state) }
            : { ...state, messageId: message.id, question: message.text },
        );
    },
    /** Drops those of which nothing is left, and counts what each has to wait for. */
    tidy() {
      let ahead = 0;
      for (const [turnId, { state }] of all) {
        if (isEmpty(state)) drop(turnId);
        else if (state.ahead !== ahead) change(turnId, (before) => ({ ...before, ahead }));
        if (isOpen(state)) ahead++;
      }
    },
  };
}

/** What is known of how an answer came about; nothing while it is still being made. */
const figuresOf = ({ figures, steps }, state) =>
  figures && !isOpen(state) ? { figures, steps } : {};
