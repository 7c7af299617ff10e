import type { ReplyFile } from "./reply.ts";

export interface ChartDay {
  /** ISO, for example 2026-11-25. */
  readonly date: string;
  readonly costUsd: number;
}

const WIDTH = 560;
const HEIGHT = 170;
const LEFT = 64;
const RIGHT = 16;
const TOP = 22;
const BOTTOM = 34;
/** Sharp on screens with two points to a pixel. */
const DENSITY = 144;
/** A day of next to nothing is still seen. */
const MIN_BAR = 1.5;

/** A ground of its own, so that it is read in Discord's dark look and in its light one. */
const COLOURS = { ground: "#2b2d31", line: "#4e5058", text: "#dbdee1", bar: "#8c9eff" } as const;

/**
 * What each day cost, as a small PNG. Its figures are drawn as strokes: a machine without fonts, such as a small
 * container, shows them, too.
 */
export async function usageChart(days: readonly ChartDay[]): Promise<ReplyFile> {
  const { default: sharp } = await import("sharp");
  const content = await sharp(Buffer.from(toSvg(days)), { density: DENSITY })
    .png()
    .toBuffer();
  return { name: "usage.png", content, description: inWords(days) };
}

/** For those who do not see it. */
function inWords(days: readonly ChartDay[]): string {
  const dearest = days.reduce((one, other) => (other.costUsd > one.costUsd ? other : one));
  const all = days.reduce((sum, { costUsd }) => sum + costUsd, 0);
  return `Bars of what each day cost from ${days[0]?.date} to ${days.at(-1)?.date}: ${usd(all)} together, most on ${dearest.date} with ${usd(dearest.costUsd)}.`;
}

function toSvg(days: readonly ChartDay[]): string {
  const top = niceTop(Math.max(...days.map(({ costUsd }) => costUsd)));
  const ground = HEIGHT - BOTTOM;
  const step = (WIDTH - LEFT - RIGHT) / days.length;
  const bars = days.map(({ costUsd }, index) => {
    const height = costUsd > 0 ? Math.max(MIN_BAR, (costUsd / top) * (ground - TOP)) : 0;
    const x = LEFT + index * step + step * 0.15;
    return `<rect x="${x}" y="${ground - height}" width="${step * 0.7}" height="${height}" rx="1.5"/>`;
  });
  const lines = [0, 0.5, 1].map((share) => {
    const y = ground - share * (ground - TOP);
    const line = `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="${COLOURS.line}" stroke-width="1"/>`;
    return line + label(usd(top * share), LEFT - 8, y - 4, "end");
  });
  const dates = [0, Math.floor(days.length / 2), days.length - 1].map((index) =>
    label(
      days[index]?.date.slice("2026-".length) ?? "",
      LEFT + (index + 0.5) * step,
      ground + 12,
      "middle",
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="${COLOURS.ground}"/>`,
    ...lines,
    `<g fill="${COLOURS.bar}">${bars.join("")}</g>`,
    ...dates,
    "</svg>",
  ].join("");
}

/** 1, 2 or 5 times a power of ten, at least as much as was spent. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 5].find((step) => step * power >= most) ?? 10);
}

const usd = (amount: number): string =>
  `$${amount.toFixed(amount === 0 || amount >= 1 ? 2 : amount >= 0.1 ? 3 : 4)}`;

/** Each 4 wide and 8 high. */
const STROKES: Readonly<Record<string, string>> = {
  "0": "M0 0H4V8H0Z",
  "1": "M1 1L2.5 0V8",
  "2": "M0 0H4V4H0V8H4",
  "3": "M0 0H4V8H0M1 4H4",
  "4": "M0 0V4H4M4 0V8",
  "5": "M4 0H0V4H4V8H0",
  "6": "M4 0H0V8H4V4H0",
  "7": "M0 0H4L2 8",
  "8": "M0 0H4V8H0ZM0 4H4",
  "9": "M4 4H0V0H4V8H0",
  $: "M4 1H0V4H4V7H0M2 -1V9",
  ".": "M2 7.6V8",
  "-": "M0.5 4H3.5",
};
const ADVANCE = 6.5;

function label(text: string, x: number, y: number, anchor: "middle" | "end"): string {
  const width = text.length * ADVANCE - (ADVANCE - 4);
  const start = anchor === "end" ? x - width : x - width / 2;
  const glyphs = Array.from(
    text,
    (sign, index) =>
      `<path transform="translate(${start + index * ADVANCE} ${y})" d="${STROKES[sign] ?? ""}"/>`,
  );
  return `<g fill="none" stroke="${COLOURS.text}" stroke-width="1.2" stroke-linecap="round" stroke-linejoin="round">${glyphs.join("")}</g>`;
}
