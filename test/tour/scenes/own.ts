import type { Actor, Message } from "../../fake-discord/index.ts";
import type { Scene } from "../scene.ts";

const learnt = ({ buttons }: Message): boolean =>
  buttons.some(({ label }) => label.endsWith("Show"));

/** As one finds a memory: by typing words of it and taking what is proposed. */
async function memoryOf(who: Actor, words: string): Promise<string> {
  const [choice] = await who.types("/memory show", "id", words);
  if (!choice) throw new Error(`There is no memory with "${words}"`);
  return String(choice["value"]);
}

export const reminders: Scene = {
  title: "Reminders",
  about: "Set in plain words, listed, cancelled, and said when it is time.",
  async play(t, { discord, ana }) {
    await t.runs(ana, "/remind zone", {
      options: { zone: "Europe/Berlin" },
      shown: "zone:Europe/Berlin",
    });
    await t.runs(ana, "/remind me", {
      options: { when: "tomorrow at 9", what: "water the plants" },
      shown: "when:tomorrow at 9 what:water the plants",
    });
    await t.runs(ana, "/remind me", {
      options: { when: "in 3 seconds", what: "turn off the oven" },
      shown: "when:in 3 seconds what:turn off the oven",
    });
    await t.runs(ana, "/remind list");
    await t.sees(discord.general, ({ content }) => content.includes("turn off the oven"));
    await t.runs(ana, "/remind cancel number:1");
    const [note] = discord.guild.channel("crowded").messages();
    if (note) await t.usesMenu(ana, "Remind me", note);
  },
};

export const poll: Scene = {
  title: "A poll",
  about: "A poll of Discord's own, started by whoever may start one.",
  async play(t, { discord, ben }) {
    await t.runs(ben, "/poll start", {
      options: { question: "Where do we eat?", answers: "Harbour; Garden; At home", hours: 3 },
      shown: "question:Where do we eat? answers:Harbour; Garden; At home hours:3",
    });
    await t.sees(discord.general, (message) => message.poll !== null);
  },
};

export const memory: Scene = {
  title: "Memory",
  about:
    "She learns from what a person says, shows in private chats what she learnt, and leaves it in the person's hands.",
  async play(t, { discord, ana, ben }) {
    const dm = ana.dmPlace();
    const first = await t.answer(
      await t.says(ana, "Before we talk food: I am allergic to peanuts.", { in: dm }),
      dm,
    );
    await t.becomes(first, learnt);
    await t.clicks(ana, first, "1 new · Show");
    const second = await t.answer(
      await t.says(ana, "My sister Eva lives in Porto", { in: dm }),
      dm,
    );
    await t.becomes(second, learnt);
    await t.clicks(ana, second, "Undo");
    await t.answer(await t.says(ana, "What can I cook tonight?", { in: dm }), dm);
    await t.runs(ana, "/memory list");
    const id = await memoryOf(ana, "peanuts");
    await t.runs(ana, "/memory show", { options: { id }, shown: "id:Is allergic to peanuts." });
    const gone = await t.runs(ana, "/memory forget", {
      options: { id },
      shown: "id:Is allergic to peanuts.",
    });
    await t.clicks(ana, gone, "Undo");
    await t.runs(ana, "/memory pin", { options: { id }, shown: "id:Is allergic to peanuts." });
    for (const what of ["pause", "off", "resume", "plans", "relations", "shared", "export"])
      await t.runs(ana, `/memory ${what}`);
    await t.runs(ana, "/memory never", {
      options: { about: "my health" },
      shown: "about:my health",
    });
    const bytes = "I work at the harbour.\nI play the cello.";
    await t.runs(ana, "/memory import", {
      options: { file: { name: "about-me.txt", bytes } },
      shown: "file:about-me.txt",
    });
    await t.runs(ana, "/memory forget-all");
    const [note] = discord.guild.channel("crowded").messages();
    if (note) await t.usesMenu(ben, "Remember this", note);
    await t.usesMenu(ben, "What do you know that I may see", ana);
  },
};

export const farewell: Scene = {
  title: "A copy of everything, and good-bye",
  about:
    "Everything that she keeps of a person, as files; and all of it taken away, which can be taken back for three days.",
  async play(t, { ana }) {
    await t.runs(ana, "/clara export");
    const warning = await t.runs(ana, "/clara forget-me");
    const leaving = await t.fillsIn(ana, warning, "Go on", { typed: "forget me" });
    await t.clicks(ana, leaving, "Take it back");
  },
};

export const google: Scene = {
  title: "One's own Google",
  about: "Where the operator has set it up, each person connects a Google account for herself.",
  async play(t, { ana }) {
    await t.runs(ana, "/google status");
    await t.runs(ana, "/google connect");
    await t.runs(ana, "/google here allowed:on");
    await t.runs(ana, "/google disconnect");
  },
};

export const skills: Scene = {
  title: "How one wants things done",
  about: "Written down once, in words of one's own, and read when one asks for something like it.",
  async play(t, { ana }) {
    const asked = await t.runs(ana, "/skills add");
    await t.fillsIn(ana, asked, "Write", {
      name: "tea",
      description: "How I make tea",
      instructions: "Warm the pot first.",
    });
    await t.runs(ana, "/skills list");
    await t.runs(ana, "/skills remove", { options: { name: "tea" }, shown: "name:tea" });
  },
};

export const plugIns: Scene = {
  title: "Plug-ins",
  about:
    "Servers that bring more tools: for oneself, for a server, or by the operator for everybody.",
  async play(t, { ana, olga }) {
    const dm = olga.dmPlace();
    await t.runs(ana, "/mcp list");
    await t.runs(ana, "/mcp status");
    await t.runs(ana, "/mcp install", {
      options: { source: "/etc", for: "person" },
      shown: "source:/etc for:me",
    });
    const offer = await t.runs(olga, "/mcp install", {
      options: { source: "kledo" },
      shown: "source:kledo",
      in: dm,
    });
    await t.clicks(olga, offer, "Cancel");
  },
};

export const mail: Scene = {
  title: "One's own mail",
  about: "Mailboxes of one's own, watched for their owner alone.",
  async play(t, { ana }) {
    const dm = ana.dmPlace();
    await t.runs(ana, "/email accounts");
    await t.runs(ana, "/email connect", {
      options: { address: "ana@example.com" },
      shown: "address:ana@example.com",
      in: dm,
    });
    await t.runs(ana, "/email rules", { in: dm });
  },
};

export const programs: Scene = {
  title: "Programs of one's own",
  about:
    "A token lets a program that speaks MCP reach what she keeps of its person, until it is taken back.",
  async play(t, { ana }) {
    await t.runs(ana, "/clara token", { options: { for: "my editor" }, shown: "for:my editor" });
    await t.runs(ana, "/clara tokens");
  },
};
