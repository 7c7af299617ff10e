import sharp from "sharp";
import { expect, test } from "vitest";
import { usageChart, type ChartDay } from "./usage-chart.ts";

const days = (costs: readonly number[]): readonly ChartDay[] =>
  costs.map((costUsd, index) => ({
    date: `2026-11-${String(index + 1).padStart(2, "0")}`,
    costUsd,
  }));

/** How many pixels have this colour. */
async function count(png: Uint8Array, [red, green, blue]: readonly number[]): Promise<number> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  let found = 0;
  for (let at = 0; at < data.length; at += info.channels)
    if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found++;
  return found;
}

const BAR = [0x8c, 0x9e, 0xff];

test("the chart is a PNG with a bar for each day, and says in words what it shows", async () => {
  const many = Array.from({ length: 30 }, (_, index) => index * 0.01);

  const { name, content, description } = await usageChart(days(many));
  const flat = await usageChart(days([1, 1]));
  const half = await usageChart(days([1, 0]));

  expect(await sharp(content).metadata()).toMatchObject({ format: "png", width: 1_120 });
  expect(name).toBe("usage.png");
  expect(description).toBe(
    "Bars of what each day cost from 2026-11-01 to 2026-11-30: $4.35 together, most on 2026-11-30 with $0.290.",
  );
  const ratio = (await count(flat.content, BAR)) / (await count(half.content, BAR));
  expect(ratio).toBeCloseTo(2, 1);
});

test("figures are seen on a machine without fonts: nothing in it is text", async () => {
  const texts = await count((await usageChart(days([0.5]))).content, [0xdb, 0xde, 0xe1]);

  expect(texts).toBeGreaterThan(200);
});
