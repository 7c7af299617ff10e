import { expect, inject, test } from "vitest";
import { whyNoDovecot } from "../dovecot.ts";
import { createTestDatabase } from "../open-test-store.ts";
import { storm } from "./storm.ts";

const why =
  whyNoDovecot ??
  (inject("serverUrl") === null ? "not run: CLARA_TEST_DATABASE_URL is not set" : null);

test.skipIf(why !== null)(
  `${why === null ? "" : `(${why}) `}while connections drop, mails vanish and are numbered anew, and the program is killed, each mail is told once`,
  async () => {
    await using database = await createTestDatabase();
    const wanted = { mails: 120, drops: 5, renumberings: 2, expunges: 3, kills: 4, seed: 7 };

    const outcome = await storm(database.href, wanted, () => {});

    expect(outcome).toMatchObject({
      delivered: 120,
      missed: [],
      doubled: [],
      toldWrong: [],
      starts: 5,
    });
  },
  600_000,
);
