/** Prints "N passed, N failed" from vitest's JSON report, on a line of its own. Fails unless everything passed. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const report = z.object({
  numPassedTests: z.number(),
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.unknown()), name: z.string() }),
  ),
});

const [, , file = ""] = process.argv;
const { numPassedTests, numTotalTests, testResults } = report.parse(
  JSON.parse(readFileSync(file, "utf8")),
);
// A file that could not even be loaded has no tests to count, and a test that was skipped has shown nothing.
const unloaded = testResults.filter(
  ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
);
const failed = numTotalTests - numPassedTests + unloaded.length;
for (const { name } of unloaded) console.log(`could not be loaded: ${name}`);
console.log(`${numPassedTests} passed, ${failed} failed`);
process.exitCode = failed === 0 && numPassedTests > 0 ? 0 : 1;
