import { expect, test } from "vitest";
import { versionWarnings } from "./engine-versions.ts";

test("versions with known holes are named, each by itself", () => {
  const warnings = versionWarnings({ engine: "20.10.24+dfsg1", runc: "1.1.5+ds1" });

  expect(warnings).toEqual([
    expect.stringMatching(/^Docker 20\.10\.24\+dfsg1 has known holes: update it to 29\.5\.1/),
    expect.stringMatching(/^runc 1\.1\.5\+ds1 has known holes/),
  ]);
});

test.for([
  ["29.5.1", "1.3.6"],
  ["29.6.0", "1.4.3"],
  ["30.0.0", "1.5.0"],
  ["29.5.1", "2.0.0"],
])("Docker %s with runc %s is new enough", ([engine = "", runc = ""]) => {
  expect(versionWarnings({ engine, runc })).toEqual([]);
});

test.for([
  ["29.5.0", "1.3.5"],
  ["28.9.9", "1.4.2"],
])("Docker %s with runc %s is not", ([engine = "", runc = ""]) => {
  expect(versionWarnings({ engine, runc })).toHaveLength(2);
});

test("what says no version is not judged", () => {
  expect(versionWarnings({ engine: "master-dev", runc: null })).toEqual([]);
});
