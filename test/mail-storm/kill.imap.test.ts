import { expect, inject, test } from "vitest";
import { MAIL_POINTS } from "../../src/core/fault.ts";
import { whyNoDovecot } from "../dovecot.ts";
import { startProgram } from "../kill/program.ts";
import { mailOf } from "../mail-stage.ts";
import { createTestDatabase } from "../open-test-store.ts";
import { openMailStage, until, USER } from "./storm.ts";

const MINUTES = 60_000;
const why =
  whyNoDovecot ??
  (inject("serverUrl") === null ? "not run: CLARA_TEST_DATABASE_URL is not set" : null);

test.skipIf(why !== null)(
  `${why === null ? "" : `(${why}) `}E17: killed at each step from a mail to its alert, each mail is told once`,
  async () => {
    await using database = await createTestDatabase();
    await using stage = await openMailStage(database.href);
    const { dovecot, discord, pool, env } = stage;
    const first = startProgram(env);
    await until(
      async () => (await pool.query("select from mail_folders")).rows.length > 0,
      first,
      "the first look",
    );
    first.kill("SIGKILL");
    await first.exited;

    for (const point of MAIL_POINTS) {
      await dovecot.deliver(USER, mailOf(point));
      await pool.query("update mail_accounts set leased_until = null");
      const program = startProgram({ ...env, CLARA_FAULT: `${point}:1` });
      const { signal } = await program.exited;
      expect(signal, `${point} was not met: ${program.output().slice(-2_000)}`).toBe("SIGKILL");
    }
    await pool.query("update mail_accounts set leased_until = null");
    const last = startProgram(env);
    const told = () =>
      discord
        .messages()
        .flatMap(({ embeds }) => embeds.map(({ title = "" }) => title.replace("📬 ", "")));
    await until(
      async () => MAIL_POINTS.every((point) => told().includes(point)),
      last,
      "the alerts",
    );
    last.kill("SIGTERM");
    await last.exited;

    expect(told().toSorted()).toEqual([...MAIL_POINTS].toSorted());
  },
  15 * MINUTES,
);
