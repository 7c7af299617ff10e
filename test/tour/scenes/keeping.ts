import type { Scene } from "../scene.ts";

export const settings: Scene = {
  title: "Settings",
  about: "Each person has a panel, and who keeps a channel or a server has one for it.",
  async play(t, { ana, mia }) {
    const own = await t.runs(ana, "/settings me");
    await t.fillsIn(ana, own, "Language", { value: "Portuguese" });
    await t.runs(mia, "/settings channel");
    const server = await t.runs(mia, "/settings server");
    await t.selects(mia, server, "Tier", ["mid"]);
    await t.runs(mia, "/settings role");
  },
};

export const costs: Scene = {
  title: "Models and costs",
  about: "Which model answers, and what it has cost.",
  async play(t, { ana, mia }) {
    await t.runs(ana, "/model status");
    await t.runs(ana, "/model tier tier:high");
    await t.runs(ana, "/usage me");
    await t.runs(ana, "/model auto auto:default");
    for (const what of ["server", "channel", "members", "jobs", "models"])
      await t.runs(mia, `/usage ${what}`);
  },
};

export const doctor: Scene = {
  title: "The doctor",
  about:
    "In #quiet somebody has taken a right from her: she tells which, what it means and where to give it back.",
  async play(t, { discord, ana, mia }) {
    const quiet = discord.guild.channel("quiet");
    quiet.deny(discord.bot, "SendMessages", "AttachFiles");
    await t.runs(ana, "/clara doctor", { in: quiet });
    await t.runs(mia, "/clara doctor where:server");
    await t.runs(mia, "/clara channel mode:off", { in: quiet });
  },
};

export const refusals: Scene = {
  title: "What she does not do",
  about: "A member tries what only others may, and a button that is not his.",
  async play(t, { ana, ben }) {
    await t.runs(ben, "/settings server");
    await t.runs(ben, "/clara channel mode:off");
    await t.runs(ben, "/usage server");
    await t.runs(ben, "/memory share text:The door code is on the fridge");
    await t.runs(ben, "/remind cancel number:1");
    await t.runs(ana, "/model tier tier:low", {
      options: { for: "guild" },
      shown: "for:this server",
    });
  },
};

export const restart: Scene = {
  title: "A new version in the middle",
  about:
    "She is ended and started again: questions of the time between are answered, and buttons from before still work.",
  async play(t, { discord, ana, ben, restart: startAgain }) {
    const { general } = discord;
    const panel = await t.runs(ana, "/settings me");
    const before = await t.answer(
      await t.says(ben, "@Clara What is 17 times 23?", { in: general }),
      general,
    );
    t.note("Clara is ended.");
    await startAgain(async () => {
      await t.says(ben, "@Clara Are you back?", { in: general });
      t.note("Clara starts again.");
    });
    await t.sees(
      general,
      ({ content, buttons }) => content.includes("nothing was lost") && buttons.length > 1,
    );
    await t.presses(ben, before, "Retry");
    await t.sees(
      general,
      ({ content, buttons }) =>
        content.includes("17 × 20") && buttons.some(({ label }) => label === "Retry"),
    );
    await t.clicks(ana, panel, "What tools may do");
  },
};

export const copies: Scene = {
  title: "Copies of everything",
  about: "Made every night, and when the operator wants one; others do not see the commands.",
  async play(t, { olga }) {
    const dm = olga.dmPlace();
    await t.runs(olga, "/backup status", { in: dm });
    await t.runs(olga, "/backup now", { in: dm });
    await t.runs(olga, "/backup list", { in: dm });
  },
};
