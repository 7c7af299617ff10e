import type { Line } from "./model.ts";

/** What the model of the tour says: the words of a question, and the answer to it. */
export const LINES: readonly Line[] = [
  {
    when: "Why is the sky blue?",
    says: "Sunlight is made of all colours.\n\nAir scatters **blue** light much more than red, ",
    held: "so blue reaches your eyes from everywhere above you.\n\n- At noon the way through the air is short: blue.\n- At dusk it is long, and the blue is gone before it arrives: red.",
  },
  {
    when: "much shorter: only what matters",
    says: "Air scatters blue light more than red, so the sky looks blue.",
  },
  {
    when: "and on Mars?",
    says: "On Mars fine dust does the reverse: the sky is butterscotch, and the sunset is blue.",
  },
  { when: "What is 17 times 23?", says: "391." },
  {
    when: "Plan a birthday party",
    says: "First the guests, then the place, then the cake. ",
    held: "Send the invitations three weeks before.",
  },
  { when: "a word that rhymes with", says: '"Tea" rhymes with "sea".' },
  {
    when: "Tell me a very long story",
    says: "Once upon a time there was a lighthouse. ",
    held: "The end.",
  },
  { when: "capital of Australa", says: "I take it that you mean Australia: Canberra." },
  { when: "capital of Austria", says: "Vienna." },
  {
    when: "tell #plans that",
    says: "I will write it once you have clicked below.",
    calls: {
      name: "send_message_to_channel",
      input: { channel_id: "plans", content: "The meeting is at ten." },
    },
  },
  {
    when: "Write: The meeting is at ten.",
    says: "It is done: #plans knows that the meeting is at ten.",
  },
  {
    when: "What time is it",
    says: "I looked at the clock for you: it is noon somewhere.",
    calls: { name: "current_time", input: {} },
  },
  {
    when: "allergic to peanuts",
    says: "Noted: no peanuts. Try the lentil soup.",
    learns: [{ text: "Is allergic to peanuts.", kind: "preference" }],
  },
  {
    when: "My sister Eva lives in Porto",
    says: "Porto is lovely in May.",
    learns: [{ text: "Has a sister, Eva, who lives in Porto.", kind: "person" }],
  },
  { when: "What can I cook tonight?", says: "Lentil soup. No peanuts in it." },
  { when: "What is on this picture?", says: "A plain teal square." },
  {
    when: "What do these files say?",
    says: "The letter says that the rent is due on Friday; in the table, pears cost more than apples.",
  },
  { when: "What does she mean?", says: "That the boat leaves early, so be there at seven." },
  {
    when: "Who brings sandwiches?",
    says: "## 1\n- The boat leaves at half past seven. [[1]]\n- Who brings sandwiches is open. [[2]]",
  },
  {
    when: "once more, from the beginning",
    says: "391: that is 17 × 20 and 17 × 3 together.",
  },
  { when: "Are you back?", says: "Yes, and nothing was lost." },
];
