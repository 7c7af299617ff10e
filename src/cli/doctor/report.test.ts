import { expect, test } from "vitest";
import { toText } from "./report.ts";

test("every diagnosis is a line with its mark, and what to do stands below it", () => {
  const text = toText([
    { name: "node", verdict: "ok", says: "v24", advice: [] },
    { name: "database", verdict: "broken", says: "does not answer", advice: ["Start it."] },
    { name: "disk", verdict: "warning", says: "1.0 GB free", advice: [] },
    { name: "docker", verdict: "off", says: "not there", advice: [] },
  ]);

  expect(text).toBe(
    [
      "✓ node      v24",
      "✗ database  does not answer",
      "            Start it.",
      "! disk      1.0 GB free",
      "- docker    not there",
      "",
      "1 broken, 1 to know about.",
      "",
    ].join("\n"),
  );
});

test("the terminal gets no control characters from the name of a server", () => {
  const text = toText([
    { name: "discord", verdict: "warning", says: "fine", advice: ["In \u001b]0;x\u0007Home"] },
  ]);

  expect(text).toContain("In ]0;xHome");
});
