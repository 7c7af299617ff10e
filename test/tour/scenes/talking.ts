import type { Scene } from "../scene.ts";

const hasStop = ({ buttons }: { readonly buttons: readonly { readonly label: string }[] }) =>
  buttons.some(({ label }) => label === "Stop");

export const firstStart: Scene = {
  title: "First start",
  about:
    "Clara has a Discord token and nothing else: a demo model answers, and her owner gives her the key of a real one without a shell.",
  async play(t, { discord, olga, restart }) {
    const home = olga.dmPlace();
    await t.answer(await t.says(olga, "Hello?", { in: home }), home);
    await t.runs(olga, "/clara setup", { in: home });
    t.note("For the tour, what she enters now goes to a model of its own and not to OpenAI.");
    await restart(async () => {});
    const wizard = await olga.runs("/clara setup", { in: home });
    await t.fillsIn(olga, await wizard.response(), "OpenAI", { key: "sk-not-a-secret" });
    t.note("A member who finds that command is told that it is not for him.");
    await t.runs(discord.ben, "/clara setup");
  },
};

export const help: Scene = {
  title: "Help and information",
  about: "What one can do, and which Clara this is.",
  async play(t, { ana }) {
    await t.runs(ana, "/clara help");
    await t.runs(ana, "/clara help topic:stopping");
    await t.runs(ana, "/clara info");
  },
};

export const question: Scene = {
  title: "A question in a channel",
  about:
    "The answer grows in one message with a Stop button; when it is whole, buttons for what one may want next take its place.",
  async play(t, { discord, ana, model }) {
    const { general } = discord;
    model.hold();
    const asked = await t.says(ana, "@Clara Why is the sky blue?", { in: general });
    await t.sees(
      general,
      (message) =>
        message.replyTo === asked.id && hasStop(message) && message.content.includes("red,"),
    );
    model.letGo();
    const whole = await t.answer(asked, general);
    await t.presses(ana, whole, "Shorter");
    await t.sees(
      general,
      ({ content, buttons }) =>
        content.includes("looks blue") && buttons.some(({ label }) => label === "Retry"),
    );
  },
};

export const thread: Scene = {
  title: "A follow-up in a thread",
  about: "In a thread Clara knows what was said before it.",
  async play(t, { discord, ana }) {
    const asked = discord.general.messages().find(({ author }) => author === ana.user);
    if (!asked) throw new Error("The scene before has a question");
    const place = await ana.opensThread(asked, "sky");
    t.note('ana opens the thread "sky" on her question.');
    await t.answer(await t.says(ana, "@Clara and on Mars?", { in: place }), place);
  },
};

export const direct: Scene = {
  title: "In private",
  about: "In a DM nobody has to mention her.",
  async play(t, { ben }) {
    const place = ben.dmPlace();
    await t.answer(await t.says(ben, "What is 17 times 23?", { in: place }), place);
  },
};

export const queue: Scene = {
  title: "Two questions at once, and Stop",
  about: "One answer at a time in each channel: who comes second is told so. Stop ends an answer.",
  async play(t, { discord, ana, ben, model }) {
    const { general } = discord;
    model.hold();
    const first = await t.says(ana, "@Clara Plan a birthday party", { in: general });
    await general.waitFor(
      ({ replyTo, content }) => replyTo === first.id && content.includes("cake."),
    );
    await t.says(ben, "@Clara a word that rhymes with sea?", { in: general });
    await t.sees(general, ({ content }) => content.includes("queued"));
    model.letGo();
    await t.answer(first, general);

    model.hold();
    const long = await t.says(ana, "@Clara Tell me a very long story", { in: general });
    const growing = await t.sees(
      general,
      (message) =>
        message.replyTo === long.id && hasStop(message) && message.content.includes("lighthouse"),
    );
    t.note("ben may not stop it: it is ana's.");
    await t.clicks(ben, growing, "Stop");
    await t.presses(ana, growing, "Stop");
    await t.becomes(growing, (message) => !hasStop(message));
    model.letGo();
  },
};

export const changing: Scene = {
  title: "Changing one's mind",
  about:
    "An edited question gets its answer edited; a question that is deleted takes the answer with it that is on its way.",
  async play(t, { discord, ben, model }) {
    const { general } = discord;
    const asked = await t.says(ben, "@Clara capital of Australa?", { in: general });
    const answered = await t.answer(asked, general);
    await ben.edits(asked, "@Clara capital of Austria?");
    t.note('ben edits his question: "@Clara capital of Austria?"');
    await t.becomes(
      answered,
      ({ content, buttons }) =>
        content.includes("Vienna") && buttons.some(({ label }) => label === "Retry"),
    );

    model.hold();
    const slip = await t.says(ben, "@Clara Tell me a very long story", { in: general });
    const growing = await t.sees(
      general,
      (message) => message.replyTo === slip.id && message.content.includes("lighthouse"),
    );
    await ben.deletes(slip);
    t.note("ben deletes that question while she answers.");
    await discord.until(() => growing.isDeleted, "the answer is gone");
    t.note("Clara's answer is gone, too.");
    model.letGo();
  },
};
