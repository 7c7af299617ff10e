import sharp from "sharp";
import { docx, paragraph } from "../../office-files.ts";
import type { Scene } from "../scene.ts";

export const catchUp: Scene = {
  title: "Catching up",
  about: "What happened while one was away, for one's own eyes, with links to where it was said.",
  async play(t, { discord, ana, ben, mia }) {
    const place = discord.guild.channel("crowded");
    const boat = await t.says(mia, "The boat leaves at half past seven.", { in: place });
    await t.says(ben, "Good. Who brings sandwiches?", { in: place });
    await t.runs(ana, "/catchup here", { in: place });
    await t.runs(ana, "/catchup all");
    const offer = await t.usesMenu(ana, "Ask about this", boat);
    await t.fillsIn(ana, offer, "Write a question", { question: "What does she mean?" });
    await t.usesMenu(ana, "Summarise from here", boat);
  },
};

export const files: Scene = {
  title: "Pictures and files",
  about: "A picture is seen; a Word file and a table are read.",
  async play(t, { discord, ben }) {
    const { general } = discord;
    const teal = { width: 64, height: 64, channels: 3, background: "teal" } as const;
    const bytes = await sharp({ create: teal }).png().toBuffer();
    const picture = { in: general, files: [{ name: "teal.png", bytes }] };
    await t.answer(await t.says(ben, "@Clara What is on this picture?", picture), general);

    const letter = { name: "letter.docx", bytes: docx(paragraph("The rent is due on Friday.")) };
    const table = { name: "fruit.csv", bytes: "fruit,price\napple,1.20\npear,1.50\n" };
    const both = { in: general, files: [letter, table] };
    await t.answer(await t.says(ben, "@Clara What do these files say?", both), general);
  },
};
