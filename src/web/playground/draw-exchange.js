import { drawMarkdown } from "./draw-markdown.js";
import { element } from "./element.js";
import { isOpen, isUntouched } from "./exchange-state.js";
import { createQuestion } from "./question.js";

/** Where one exchange is shown: `draw(state)` brings it up to date. `onEdit` and `onForget` as for a question. */
export function createExchangeView(name, { onEdit, onForget }) {
  const question = createQuestion({ onEdit, onForget });
  const steps = element("ul", { className: "steps" });
  const words = element("div", { className: "words" });
  const waiting = element("p", { className: "waiting" });
  const figures = element("p", { className: "figures" });
  const parts = [steps, words, waiting, figures];
  const answer = element("article", { className: "answer", "aria-label": name }, ...parts);
  const shown = element("li", { className: "exchange" }, question.element, answer);
  return {
    element: shown,
    words: () => words.textContent,
    draw(state) {
      question.element.hidden = state.question === null;
      if (state.question !== null) question.set(state.question);
      steps.replaceChildren(...state.steps.map(drawStep));
      drawMarkdown(words, state.text);
      waiting.textContent = waitingWords(state);
      waiting.hidden = waiting.textContent === "";
      figures.textContent = state.figures === null ? "" : figureWords(state.figures);
      answer.hidden = isUntouched(state);
      answer.setAttribute("aria-busy", String(isOpen(state)));
      shown.dataset.status = state.status;
      shown.dataset.trouble = isTrouble(state.figures?.detail ?? "") ? "yes" : "no";
    },
  };
}

/** Codes of turns that ended without the answer that was wished for. */
const isTrouble = (detail) =>
  detail.startsWith("model:") || ["over-budget", "gave-up"].includes(detail);

function drawStep({ label, end }) {
  if (end === null) return element("li", { className: "at-work" }, `${label}…`);
  if (end.isLeft) return element("li", { className: "left" }, label);
  const time = element("span", { className: "time" }, ` ${duration(end.elapsedMs)}`);
  return end.isError
    ? element("li", { className: "failed" }, `${label}: did not work`, time)
    : element("li", { className: "done" }, label, time);
}

function waitingWords({ status, ahead, text, steps }) {
  if (status === "waiting" && ahead > 0)
    return `Waits for ${ahead === 1 ? "one answer" : `${ahead} answers`} before it…`;
  const isAtWork = steps.some(({ end }) => end === null);
  return status !== "settled" && text === "" && !isAtWork ? "Thinking…" : "";
}

function figureWords({ model, costUsd, inputTokens, outputTokens, elapsedMs }) {
  const wasAsked = inputTokens + outputTokens > 0;
  const pieces = [
    model,
    wasAsked ? `${inputTokens} tokens in, ${outputTokens} out` : null,
    wasAsked ? price(costUsd) : null,
    duration(elapsedMs),
  ];
  return pieces.filter((piece) => piece !== null).join(" · ");
}

const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});

function price(usd) {
  if (usd === null) return "price unknown";
  return usd === 0 ? "free" : dollars.format(usd);
}

const duration = (ms) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
