import { button, element } from "./element.js";

const SURE_FOR_MS = 4_000;

/**
 * What a person asked, with the means to change it and to take it back. `onEdit(text)` and `onForget()` resolve when
 * it is done; what they reject with is shown.
 */
export function createQuestion({ onEdit, onForget }) {
  const words = element("p", { className: "words", dir: "auto" });
  const trouble = element("p", { className: "trouble", role: "alert", hidden: true });
  const edit = button("Edit", () => beginEdit());
  const remove = button("Delete", () => removeOnSecondClick());
  const actions = element("div", { className: "actions" }, edit, remove);
  const shown = element(
    "article",
    { className: "question", "aria-label": "You" },
    words,
    actions,
    trouble,
  );

  const attempt = async (action) => {
    trouble.hidden = true;
    try {
      await action();
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    }
  };

  async function removeOnSecondClick() {
    if (remove.dataset.sure === "yes") return attempt(onForget);
    remove.dataset.sure = "yes";
    remove.textContent = "Delete for good?";
    setTimeout(() => {
      remove.dataset.sure = "no";
      remove.textContent = "Delete";
    }, SURE_FOR_MS);
  }

  function beginEdit() {
    const field = element("textarea", {
      value: words.textContent,
      maxLength: 16_000,
      rows: 2,
      dir: "auto",
    });
    field.setAttribute("aria-label", "Your question, to be changed");
    const save = element("button", { type: "submit" }, "Save");
    const cancel = button("Cancel", () => endEdit());
    const form = element("form", { className: "edit" }, field, element("div", {}, save, cancel));
    const endEdit = () => {
      form.replaceWith(words);
      actions.hidden = false;
      edit.focus();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await attempt(() => onEdit(field.value));
      if (trouble.hidden) endEdit();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") endEdit();
      if (isSubmit(event)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    words.replaceWith(form);
    actions.hidden = true;
    field.focus();
  }

  return {
    element: shown,
    set(text) {
      words.textContent = text;
    },
  };
}

/** Enter alone sends, but not the Enter that ends the choice of a character (Chinese, Japanese, Korean). */
export const isSubmit = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing;
