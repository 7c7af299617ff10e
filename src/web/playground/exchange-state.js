/** One question and its answer, as data. `status` is waiting until the turn begins, running, then settled. */
export const EMPTY = {
  messageId: null,
  /** null when it was deleted. */
  question: null,
  status: "settled",
  /** How often the turn began: again after an edit, or after a restart of Clara's. */
  timesBegun: 0,
  /** Answers that come first. */
  ahead: 0,
  answerId: null,
  text: "",
  /** {name, label, end}; `end` is null at work, {isError, elapsedMs} afterwards, {isLeft} when it was not waited for. */
  steps: [],
  /** The event of the turn's end; null before, and for what comes from the history. */
  figures: null,
};

export const isOpen = ({ status }) => status !== "settled";

/** Nothing of it is left to be shown. */
export const isEmpty = (state) => !isOpen(state) && state.question === null && state.text === "";

/** Nothing was heard of its turn yet. */
export const isUntouched = (state) => !isOpen(state) && state.text === "" && state.figures === null;

/** Nothing is done about it any more: it was finished, or given back. */
export const settle = (state) => ({
  ...state,
  status: "settled",
  steps: state.steps.map((step) => ({ ...step, end: step.end ?? { isLeft: true } })),
});

/** After an event of its turn. */
export function follow(state, event) {
  switch (event.type) {
    case "turn-start": {
      const { messageId, question, answerId } = state;
      const timesBegun = state.timesBegun + 1;
      return { ...EMPTY, messageId, question, answerId, timesBegun, status: "running" };
    }
    case "tool-start": {
      const { name, label } = event;
      return { ...state, steps: [...state.steps, { name, label, end: null }] };
    }
    case "tool-end":
      return { ...state, steps: endStep(state.steps, event) };
    case "message-shown": {
      const { id, text, running } = event.message;
      return { ...state, answerId: id, text, status: running ? "running" : state.status };
    }
    case "turn-end":
      return { ...settle(state), figures: event };
    default:
      return state;
  }
}

/** Calls of one tool side by side are told apart by order only. */
function endStep(steps, { name, isError, elapsedMs }) {
  const index = steps.findIndex((step) => step.name === name && step.end === null);
  return steps.map((step, at) => (at === index ? { ...step, end: { isError, elapsedMs } } : step));
}
