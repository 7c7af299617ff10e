/** The conversations of this browser: a list of {id, title}, newest first, and which one is open. */

const KEY = "clara.conversations";
/** Older ones leave the list. Clara keeps them, but this page no longer knows how to ask for them. */
const MAX_CONVERSATIONS = 12;
const MAX_TITLE_CHARS = 32;
const UNTITLED = "New conversation";

export function openConversations() {
  let { list, current } = load();
  const save = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify({ list, current }));
    } catch {
      // Storage is full or forbidden: the list lives as long as the page.
    }
  };

  const conversations = {
    list: () => list,
    current: () => current,
    select(id) {
      current = id;
      save();
    },
    /** An empty one at the top of the list, which is then open. */
    begin() {
      const fresh = list.find(({ title }) => title === UNTITLED) ?? {
        id: `web:${crypto.randomUUID()}`,
        title: UNTITLED,
      };
      list = [fresh, ...list.filter(({ id }) => id !== fresh.id)].slice(0, MAX_CONVERSATIONS);
      conversations.select(fresh.id);
    },
    /** Named after its first question. */
    nameAfter(id, question) {
      const title = question.replace(/\s+/g, " ").slice(0, MAX_TITLE_CHARS);
      list = list.map((one) => (one.id === id && one.title === UNTITLED ? { id, title } : one));
      save();
    },
  };
  if (!list.some(({ id }) => id === current)) conversations.begin();
  return conversations;
}

/** What was stored, as far as it makes sense. */
function load() {
  try {
    const { list, current } = JSON.parse(localStorage.getItem(KEY));
    const sound = list.filter(
      ({ id, title }) => /^web:[\w-]{8,64}$/.test(id) && typeof title === "string",
    );
    return { list: sound.slice(0, MAX_CONVERSATIONS), current };
  } catch {
    return { list: [], current: null };
  }
}
