/**
 * A DOM element. `properties` are set as properties, `data-` and `aria-` and `role` as attributes; strings among the
 * children become text, never markup.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^(data-|aria-|role$)/.test(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A button that does something asynchronous, once at a time. */
export function button(label, onClick, properties = {}) {
  const made = element("button", { type: "button", ...properties }, label);
  made.addEventListener("click", async () => {
    made.disabled = true;
    try {
      await onClick(made);
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

export const byId = (id) => document.getElementById(id);
