import { z } from "zod";
import { Failure } from "../kit/failure.ts";
import { defineResource, type Resource } from "../kit/resource.ts";
import type { QontakDeps } from "./deps.ts";
import { companies } from "./entities/companies.ts";
import { contacts } from "./entities/contacts.ts";
import { deals } from "./entities/deals.ts";
import type { Entity } from "./entities/entity.ts";
import { tasks } from "./entities/tasks.ts";
import { tickets } from "./entities/tickets.ts";
import { toRecord } from "./records.ts";
import { toFieldOut } from "./templates/describe.ts";
import { NOWHERE, requirementsAt } from "./templates/requirements.ts";
import { rulesOf } from "./tools/rules.ts";

const WITH_TEMPLATES: readonly Entity[] = [contacts, companies, deals, tickets, tasks];

const JSON_TYPE = "application/json";

/** How a company has set up its CRM, to be read once and kept in mind. */
export const resources = (deps: QontakDeps): readonly Resource[] => [
  defineResource({
    name: "pipelines",
    title: "Pipelines and stages of deals",
    description: "Each pipeline that deals move through, with its stages in their order.",
    uri: "qontak://pipelines",
    params: z.object({}),
    mimeType: JSON_TYPE,
    async read(_params, call) {
      const all = await deps.pipelines.all(call);
      const data = [];
      for (const pipeline of all) {
        const stages = await deps.pipelines.stages(call, Number(pipeline["id"]));
        data.push({ ...toRecord(pipeline), stages: stages.map(toRecord) });
      }
      return { data };
    },
  }),
  defineResource({
    name: "ticket-pipelines",
    title: "Pipelines and stages of tickets",
    description: "Each pipeline that tickets move through, with its stages.",
    uri: "qontak://ticket-pipelines",
    params: z.object({}),
    mimeType: JSON_TYPE,
    read: async (_params, call) => ({
      data: (await deps.pipelines.ofTickets(call)).map(toRecord),
    }),
  }),
  defineResource({
    name: "template",
    title: "Fields of one kind of record",
    description:
      "Every field that this company has for contacts, companies, deals, tickets or tasks.",
    uri: "qontak://templates/{entity}",
    params: z.object({ entity: z.string() }),
    mimeType: JSON_TYPE,
    list: () =>
      Promise.resolve(
        WITH_TEMPLATES.map(({ many }) => ({
          uri: `qontak://templates/${many}`,
          name: `template-${many}`,
          title: `Fields of ${many}`,
        })),
      ),
    complete: (_param, typed) =>
      Promise.resolve(
        WITH_TEMPLATES.map(({ many }) => many).filter((name) => name.startsWith(typed)),
      ),
    async read({ entity: name }, call) {
      const entity = WITH_TEMPLATES.find(({ many }) => many === name);
      if (!entity)
        throw new Failure("NOT_FOUND", `There is no template of "${name.slice(0, 40)}".`, {
          hint: `There are ${WITH_TEMPLATES.map(({ many }) => many).join(", ")}.`,
        });
      const rules = rulesOf(entity);
      const fields = await deps.templates.of(call, entity.path);
      return {
        data: requirementsAt(fields, NOWHERE, rules).map((each) => toFieldOut(each, rules.lengths)),
      };
    },
  }),
];
