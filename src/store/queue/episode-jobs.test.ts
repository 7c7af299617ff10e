import { expect, test } from "vitest";
import { describeStore, share } from "../../../test/open-test-store.ts";
import { converse, hear, newChannel, newName } from "../../../test/talk.ts";
import type { SummaryJob } from "./summary-jobs.ts";

const QUIET_MS = 45 * 60_000;

describeStore("episode jobs", (open) => {
  const store = share(open);
  const jobsOf = (id: string) =>
    store().query(
      "select start_after > now() + interval '30 minutes' as later from pgboss.job where name = 'episodes' and singleton_key = $1",
      [id],
    );
  /** Serves what is due until `isOver`; gives what was handed out. */
  async function serveUntil(isOver: (served: readonly SummaryJob[]) => Promise<boolean>) {
    const served: SummaryJob[] = [];
    const stop = new AbortController();
    await store().query("update pgboss.job set start_after = now() where name = 'episodes'");
    const running = store()
      .episodeJobs.serve(QUIET_MS, async (job) => void served.push(job))
      .run(stop.signal);
    await expect.poll(() => isOver(served), { timeout: 20_000 }).toBe(true);
    stop.abort();
    await running;
    return served;
  }

  test("a talk is looked at once, long after, with the scope of whoever asked", async () => {
    const [ana, place] = [newName("ana"), newChannel()];
    const { turnId } = await converse(store(), place.message(ana, "one"), "1");
    expect(await jobsOf(place.conversation.id)).toEqual([{ later: true }]);

    const served = await serveUntil(async (all) => all.length > 0);

    expect(served).toEqual([{ turnId, scope: place.scope(ana), conversation: place.conversation }]);
  });

  test("a talk that goes on is looked at later", async () => {
    await store().query("delete from pgboss.job where name = 'episodes'");
    const [ana, place] = [newName("ana"), newChannel()];
    await converse(store(), place.message(ana, "one"), "1");
    await hear(store(), place.message(ana, "still here", { sentAt: new Date() }));
    // As if the first look had been asked for long ago.
    await store().query(
      "update pgboss.job set singleton_on = singleton_on - interval '1 day' where name = 'episodes'",
    );

    const served = await serveUntil(async () =>
      (await jobsOf(place.conversation.id)).some(({ later }) => later === true),
    );

    expect(served).toEqual([]);
  });
});
