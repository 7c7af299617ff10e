import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toConfigurationPage, toEnvExample } from "./document.ts";
import { variables } from "./variables.ts";

const file = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test(".env.example is as `npm run env:example` writes it", () => {
  expect(file(".env.example")).toBe(toEnvExample());
});

test("docs/CONFIGURATION.md is as `npm run env:example` writes it", () => {
  expect(file("docs/CONFIGURATION.md")).toBe(toConfigurationPage());
});

test("every variable of the table is in a chapter of the docs, save the tests' own", () => {
  const page = toConfigurationPage();

  const missing = Object.keys(variables).filter((name) => !page.includes(`| \`${name}\` |`));

  expect(missing).toEqual(["CLARA_FAULT"]);
});

test(".env.example sets nothing", () => {
  const lines = toEnvExample().split("\n");

  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});
