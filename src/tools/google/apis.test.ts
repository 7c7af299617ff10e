import { expect, test } from "vitest";
import { collect } from "./apis.ts";

test("a list of many empty pages ends after ten, and says where it goes on", async () => {
  let asked = 0;

  const page = await collect({ max: 5, from: null, pageSize: 5 }, async () => {
    // So that it ends in any case.
    if (++asked > 50) return {};
    return { items: asked === 3 ? ["found"] : [], next: `page ${asked}` };
  });

  expect(page).toEqual({ items: ["found"], next: "page 10" });
});
