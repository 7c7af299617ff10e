import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { openQontakEmulator } from "../emulators/qontak/open-qontak-emulator.ts";
import type { Crm } from "../../src/servers/qontak/demo/crm.ts";
import { connectByStdio } from "./connect.ts";
import { ask, envFor, NOW, openQontakTest } from "./open-qontak-test.ts";

const TEMPLATES = ["contacts", "companies", "deals", "tickets", "tasks"] as const;
const PROMPTS = [
  { name: "new_deal", given: { customer: "Kedai Senja", about: "a grinder" }, says: "Kedai Senja" },
  { name: "pipeline_review", given: { pipeline: "Sales" }, says: '"Sales"' },
  { name: "customer_brief", given: { customer: "Dewi" }, says: "meet Dewi" },
] as const;

async function read(client: Client, uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  const [first] = contents;
  return JSON.parse(first && "text" in first ? first.text : "null");
}

/** Every resource that is listed, and every prompt, as they are for this client. */
async function all(client: Client) {
  const { resources } = await client.listResources();
  const templates = await Promise.all(
    TEMPLATES.map((name) => read(client, `qontak://templates/${name}`)),
  );
  const prompts = await Promise.all(
    PROMPTS.map(({ name, given }) => client.getPrompt({ name, arguments: given })),
  );
  return {
    uris: resources.map(({ uri }) => uri).toSorted(),
    pipelines: await read(client, "qontak://pipelines"),
    ticketPipelines: await read(client, "qontak://ticket-pipelines"),
    templates: templates.map((fields) => (fields as { name: string }[]).map(({ name }) => name)),
    prompts: prompts.map(({ messages: [first] }) => JSON.stringify(first?.content)),
    promptNames: (await client.listPrompts()).prompts.map(({ name }) => name),
  };
}

const expected = (crm: Crm) => ({
  uris: [
    "qontak://pipelines",
    ...TEMPLATES.map((name) => `qontak://templates/${name}`).toSorted(),
    "qontak://ticket-pipelines",
  ].toSorted(),
  pipelines: crm.pipelines.map(({ id, name }) =>
    expect.objectContaining({
      id,
      name,
      stages: crm.stages
        .filter((stage) => stage["crm_pipeline_id"] === id)
        .map((stage) => expect.objectContaining({ id: stage["id"], name: stage["name"] })),
    }),
  ),
  ticketPipelines: crm.ticketPipelines.map(({ id, name }) => expect.objectContaining({ id, name })),
  templates: TEMPLATES.map((name) => crm.templates[name].map((field) => field["name"])),
  prompts: PROMPTS.map(({ says }) => expect.stringContaining(JSON.stringify(says).slice(1, -1))),
  promptNames: PROMPTS.map(({ name }) => name),
});

test("every resource and every prompt over Streamable HTTP is what the CRM says", async () => {
  await using open = await openQontakTest();

  const found = await all(open.client);

  expect(found).toEqual(expected(open.qontak.crm));
});

test("every resource and every prompt over standard input and output is what the CRM says", async () => {
  await using qontak = await openQontakEmulator({ now: () => NOW });
  const home = await mkdtemp(join(tmpdir(), "clara-qontak-"));
  await using connected = await connectByStdio(["qontak"], envFor(qontak, home), { now: NOW });

  const found = await all(connected.client);

  expect(found).toEqual(expected(qontak.crm));
  await rm(home, { recursive: true, force: true });
});

test("the kinds of templates are offered to a person who types", async () => {
  await using open = await openQontakTest();

  const { completion } = await open.client.complete({
    ref: { type: "ref/resource", uri: "qontak://templates/{entity}" },
    argument: { name: "entity", value: "t" },
  });

  expect(completion.values).toEqual(["tickets", "tasks"]);
});

test("a template of something else is not there", async () => {
  await using open = await openQontakTest();

  const reading = read(open.client, "qontak://templates/notes");

  await expect(reading).rejects.toThrow("NOT_FOUND");
});

test("the demo needs no account, keeps what is changed for a while, and writes no tokens", async () => {
  const home = await mkdtemp(join(tmpdir(), "clara-qontak-"));
  const env = { HOME: home, QONTAK_REFRESH_TOKEN: "somebodys-real-refresh-token" };
  await using demo = await connectByStdio(["qontak", "--demo"], env, { now: NOW });

  await ask(demo.client, "update_task", { task_id: 4001, status: "completed" });
  const { record } = await ask(demo.client, "get_task", { task_id: 4001 });

  expect(record).toMatchObject({ crm_task_status_id: 4, name: "Call Dewi about the quote" });
  await expect(rm(join(home, ".clara"), { recursive: true })).rejects.toThrow("ENOENT");
  await rm(home, { recursive: true, force: true });
});
