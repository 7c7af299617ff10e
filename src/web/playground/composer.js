import { byId } from "./element.js";
import { isSubmit } from "./question.js";

/** Where a person writes. `onSend(text, tier)` and `onStop()` resolve when Clara has it; their failures are shown. */
export function createComposer({ onSend, onStop }) {
  const [form, field, tier, stop, trouble] = [
    "composer",
    "question",
    "tier",
    "stop",
    "trouble",
  ].map(byId);

  const showTrouble = (words) => {
    trouble.textContent = words;
    trouble.hidden = words === "";
  };
  const attempt = async (action) => {
    showTrouble("");
    try {
      await action();
      return true;
    } catch (error) {
      showTrouble(error.message);
      return false;
    }
  };

  async function submit() {
    const text = field.value.trim();
    if (text === "") return;
    field.value = "";
    const sent = await attempt(() => onSend(text, tier.value));
    // Nothing that somebody wrote is lost, also what was begun meanwhile.
    if (!sent) field.value = [text, field.value].filter((piece) => piece !== "").join("\n");
  }

  async function stopRunning() {
    stop.disabled = true;
    await attempt(onStop);
    stop.disabled = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  field.addEventListener("keydown", (event) => {
    if (isSubmit(event)) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === "Escape" && !stop.hidden) stop.click();
  });
  stop.addEventListener("click", () => void stopRunning());

  return {
    showTrouble,
    showRunning(isRunning) {
      stop.hidden = !isRunning;
    },
    focus: () => field.focus(),
    ask(text) {
      field.value = text;
      form.requestSubmit();
    },
  };
}
