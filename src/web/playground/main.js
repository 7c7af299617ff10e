import { send, stop } from "./api.js";
import { createComposer } from "./composer.js";
import { openConversations } from "./conversations.js";
import { byId, button, element } from "./element.js";
import { showHouse } from "./house.js";
import { openThread } from "./thread.js";

/** Each of them does something, also with the demo model. */
const IDEAS = ["What time is it?", "Remember that I like green tea.", "Write 120 words"];

const conversations = openConversations();
const composer = createComposer({
  async onSend(text, tier) {
    const conversation = conversations.current();
    const accepted = await send(conversation, text, tier);
    conversations.nameAfter(conversation, accepted.text);
    drawConversations();
    if (conversation === conversations.current()) thread.add(accepted);
  },
  async onStop() {
    const turnId = thread.openTurn();
    if (turnId !== null) await stop(turnId);
  },
});

let name = "Clara";
let thread = null;

function open() {
  thread?.close();
  composer.showTrouble("");
  composer.showRunning(false);
  byId("welcome").hidden = true;
  thread = openThread(conversations.current(), {
    list: byId("thread"),
    scroller: byId("scroll"),
    name,
    on: {
      changed() {
        composer.showRunning(thread.openTurn() !== null);
        byId("welcome").hidden = !thread.isEmpty();
      },
      lost: () => (byId("lost").hidden = false),
      found() {
        byId("lost").hidden = true;
        void look();
      },
      trouble: composer.showTrouble,
      announce: (words) => (byId("announcer").textContent = words),
    },
  });
  drawConversations();
}

async function look() {
  try {
    name = await showHouse();
  } catch {
    // She does not answer: the line about the lost connection says so.
  }
}

function drawConversations() {
  const current = conversations.current();
  const tabs = conversations.list().map(({ id, title }) => {
    const tab = button(title, () => {
      conversations.select(id);
      open();
      composer.focus();
    });
    if (id === current) tab.setAttribute("aria-current", "true");
    return element("li", {}, tab);
  });
  byId("conversations").replaceChildren(...tabs);
}

byId("new-conversation").addEventListener("click", () => {
  conversations.begin();
  open();
  composer.focus();
});
byId("ideas").replaceChildren(
  ...IDEAS.map((idea) =>
    element(
      "li",
      {},
      button(idea, () => composer.ask(idea)),
    ),
  ),
);

await look();
open();
composer.focus();
