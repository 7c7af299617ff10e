import { follow as followEvents, forget, history, revise } from "./api.js";
import { follow, isUntouched, settle } from "./exchange-state.js";
import { createExchanges } from "./exchanges.js";

/** Whoever is this close to the end wants to stay there. */
const NEAR_END_PX = 96;

const toWaiting = (state) => ({ ...state, status: "waiting" });

/**
 * A conversation in `list`: its history first, then what happens. Ends with `close()`.
 * `on`: changed(), lost(), found(), trouble(words), announce(words).
 */
export function openThread(conversation, { list, scroller, name, on }) {
  const exchanges = createExchanges(list, name, { edit, forget: takeBack });
  // What happens while the history is on its way; null when there is nothing to wait for.
  let early = [];
  let closed = false;

  function update(change) {
    const { scrollHeight, scrollTop, clientHeight } = scroller;
    const isNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    change();
    exchanges.tidy();
    if (isNearEnd) toEnd();
    on.changed();
  }

  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };

  async function edit(turnId, text) {
    const { messageId, timesBegun } = exchanges.stateOf(turnId);
    const { text: question, kind } = await revise(messageId, text);
    update(() => {
      exchanges.change(turnId, (state) => ({ ...state, question }));
      // The new turn may have begun, and even ended, before we hear that it will.
      if (kind === "again" && exchanges.stateOf(turnId).timesBegun === timesBegun)
        exchanges.change(turnId, toWaiting);
    });
  }

  async function takeBack(turnId) {
    await forget(exchanges.stateOf(turnId).messageId);
    update(() => exchanges.change(turnId, (state) => ({ ...state, question: null })));
  }

  async function load() {
    const mine = (early = []);
    const before = exchanges.turns();
    on.found();
    const messages = await history(conversation).catch((error) => on.trouble(error.message));
    if (closed || early !== mine) return;
    early = null;
    update(() => {
      if (messages) exchanges.showHistory(messages, before);
      mine.forEach(apply);
    });
    toEnd();
  }

  function apply(event) {
    if (event.type === "working") {
      if (!event.isWorking)
        exchanges.changeAll((state) => (state.status === "running" ? settle(state) : state));
    } else if (event.type === "message-removed")
      exchanges.changeAll((state) =>
        state.answerId === event.messageId ? { ...state, answerId: null, text: "" } : state,
      );
    else applyTo(event.turnId ?? event.message.turnId, event);
  }

  function applyTo(turnId, event) {
    exchanges.change(turnId, (state) => follow(state, event));
    if (event.type === "turn-start") on.announce(`${name} is answering.`);
    if (event.type === "tool-start") on.announce(`${event.label}.`);
    if (event.type === "turn-end") on.announce(exchanges.wordsOf(turnId));
    // After a restart of hers, words that were shown before it are not shown again.
    if (event.type === "turn-end" && exchanges.stateOf(turnId).text === "") void load();
  }

  const stopFollowing = followEvents(conversation, {
    onOpen: load,
    onEvent: (event) => (early === null ? update(() => apply(event)) : early.push(event)),
    onLost: on.lost,
  });

  return {
    /** A question that was just accepted. */
    add({ id, turnId, text }) {
      update(() => {
        const asked = (state) => ({ ...state, messageId: id, question: text });
        exchanges.change(turnId, (state) => asked(isUntouched(state) ? toWaiting(state) : state));
      });
      toEnd();
    },
    isEmpty: () => early === null && exchanges.turns().length === 0,
    openTurn: exchanges.openTurn,
    close() {
      closed = true;
      stopFollowing();
      list.replaceChildren();
    },
  };
}
