import { expect, test } from "vitest";
import { describeStore, share } from "../../../test/open-test-store.ts";
import { converse, hear, newChannel } from "../../../test/talk.ts";
import type { SummaryJob } from "./summary-jobs.ts";

/** Enough for a look at the summary. */
const A_DOZEN = 12;

describeStore("summary jobs", (open) => {
  const store = share(open);
  const talk = async (lines: number) => {
    const place = newChannel();
    await hear(store(), ...Array.from({ length: lines }, () => place.message("ben", "hm")));
    return place;
  };
  const jobsOf = async ({ conversation }: ReturnType<typeof newChannel>) =>
    (
      await store().query(
        "select from pgboss.job where name = 'summaries' and singleton_key = $1",
        [conversation.id],
      )
    ).length;

  test("a conversation that grew by a dozen messages gets one job, however many turns end soon", async () => {
    const place = await talk(A_DOZEN);

    await converse(store(), place.message("ana", "one"), "1");
    await converse(store(), place.message("ana", "two"), "2");

    // The window of five minutes may have turned between the two.
    expect(await jobsOf(place)).toBeGreaterThanOrEqual(1);
    const [slots] = await store().query(
      "select count(*) = count(distinct singleton_on) as once from pgboss.job where name = 'summaries' and singleton_key = $1",
      [place.conversation.id],
    );
    expect(slots).toEqual({ once: true });
  });

  test("a short conversation gets none", async () => {
    const place = await talk(A_DOZEN - 2);

    await converse(store(), place.message("ana", "one"), "1");

    expect(await jobsOf(place)).toBe(0);
  });

  test("a job is served with the place and the scope of whoever asked last", async () => {
    await store().query("delete from pgboss.job where name = 'summaries'");
    const place = await talk(A_DOZEN);
    const { turnId } = await converse(store(), place.message("ana", "one"), "1");
    const stop = new AbortController();

    const served = await new Promise<SummaryJob>((resolve) => {
      const service = store().summaries.serve(async (job) => resolve(job));
      void service.run(stop.signal);
    });

    stop.abort();
    expect(served).toEqual({
      turnId,
      scope: place.scope("ana"),
      conversation: place.conversation,
    });
  });

  test("a service that is stopped before it begins does nothing", async () => {
    const service = store().summaries.serve(() => Promise.reject(new Error("unwanted")));

    expect(await service.run(AbortSignal.abort())).toBeUndefined();
  });
});
