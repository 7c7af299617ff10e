import { ButtonStyle, ComponentType } from "discord-api-types/v10";

import type { JsonObject } from "../world/model.ts";
import { type Form, lengthOf, objects, textOf } from "./form.ts";

const MAX_ROWS = 5;
const MAX_BUTTONS_IN_ROW = 5;
const MAX_COMPONENTS_V2 = 40;
const MAX_TEXT_V2 = 4000;

const SELECTS: readonly unknown[] = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];
const TOP_LEVEL_V2: readonly unknown[] = [
  ComponentType.ActionRow,
  ComponentType.Section,
  ComponentType.TextDisplay,
  ComponentType.MediaGallery,
  ComponentType.File,
  ComponentType.Separator,
  ComponentType.Container,
];

/** The component and everything inside it. */
export function flatten(component: JsonObject): JsonObject[] {
  const inside = [...objects(component["components"]), ...objects([component["accessory"]])];
  const labelled = objects([component["component"]]);
  return [component, ...[...inside, ...labelled].flatMap(flatten)];
}

/** Rows of buttons and selects, or with `isV2` the newer layout components. */
export function checkComponents(
  form: Form,
  components: readonly JsonObject[],
  isV2: boolean,
): void {
  if (isV2) checkLayout(form, components);
  else form.count("components", components.length, { max: MAX_ROWS });

  for (const [index, component] of components.entries()) {
    const isAllowed = isV2
      ? TOP_LEVEL_V2.includes(component["type"])
      : component["type"] === ComponentType.ActionRow;
    if (!isAllowed) {
      form.fail(
        `components.${index}.type`,
        "UNION_TYPE_CHOICES",
        'Value of field "type" must be one of (1,).',
      );
    }
    checkInside(form, `components.${index}`, component);
  }
  checkUniqueIds(form, components.flatMap(flatten));
}

function checkLayout(form: Form, components: readonly JsonObject[]): void {
  const all = components.flatMap(flatten);
  form.count("components", all.length, { max: MAX_COMPONENTS_V2 });
  const shown = all
    .filter((component) => component["type"] === ComponentType.TextDisplay)
    .reduce((total, component) => total + lengthOf(textOf(component["content"]) ?? ""), 0);
  if (shown > MAX_TEXT_V2) {
    form.fail(
      "components",
      "COMPONENT_MAX_TOTAL_TEXT_SIZE",
      `The total text size must be ${MAX_TEXT_V2} or fewer.`,
    );
  }
}

function checkInside(form: Form, path: string, component: JsonObject): void {
  const { type } = component;
  if (type === ComponentType.ActionRow) checkRow(form, path, objects(component["components"]));
  if (type === ComponentType.Button) checkButton(form, path, component);
  if (SELECTS.includes(type)) checkSelect(form, path, component);
  if (type === ComponentType.TextDisplay) form.required(`${path}.content`, component["content"]);

  for (const [index, child] of objects(component["components"]).entries()) {
    checkInside(form, `${path}.components.${index}`, child);
  }
  for (const accessory of objects([component["accessory"]])) {
    checkInside(form, `${path}.accessory`, accessory);
  }
}

function checkRow(form: Form, path: string, children: readonly JsonObject[]): void {
  form.count(`${path}.components`, children.length, { min: 1, max: MAX_BUTTONS_IN_ROW });
  const selects = children.filter((child) => SELECTS.includes(child["type"]));
  if (selects.length > 0 && children.length > 1) {
    form.fail(
      `${path}.components`,
      "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
      "The specified component exceeds the maximum width",
    );
  }
}

function checkButton(form: Form, path: string, button: JsonObject): void {
  const style = button["style"];
  form.text(`${path}.label`, button["label"], { max: 80 });
  if (!button["label"] && !button["emoji"]) {
    form.fail(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji");
  }
  if (style === ButtonStyle.Link) {
    form.required(`${path}.url`, button["url"]);
    form.url(`${path}.url`, button["url"]);
    return;
  }
  form.number(`${path}.style`, style, { min: 1, max: 6 });
  form.required(`${path}.custom_id`, button["custom_id"]);
  form.text(`${path}.custom_id`, button["custom_id"], { min: 1, max: 100 });
}

function checkSelect(form: Form, path: string, select: JsonObject): void {
  form.required(`${path}.custom_id`, select["custom_id"]);
  form.text(`${path}.custom_id`, select["custom_id"], { min: 1, max: 100 });
  form.text(`${path}.placeholder`, select["placeholder"], { max: 150 });
  form.number(`${path}.min_values`, select["min_values"], { min: 0, max: 25 });
  form.number(`${path}.max_values`, select["max_values"], { min: 1, max: 25 });
  if (select["type"] !== ComponentType.StringSelect) return;

  const options = objects(select["options"]);
  form.count(`${path}.options`, options.length, { min: 1, max: 25 });
  for (const [index, option] of options.entries()) {
    form.text(`${path}.options.${index}.label`, option["label"], { min: 1, max: 100 });
    form.text(`${path}.options.${index}.value`, option["value"], { min: 1, max: 100 });
    form.text(`${path}.options.${index}.description`, option["description"], { max: 100 });
  }
  const values = options.map((option) => option["value"]);
  if (new Set(values).size !== values.length) {
    form.fail(
      `${path}.options`,
      "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
      "The specified option value is already used",
    );
  }
}

function checkUniqueIds(form: Form, all: readonly JsonObject[]): void {
  const ids = all
    .map((component) => textOf(component["custom_id"]))
    .filter((id) => id !== undefined);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    form.fail(
      "components",
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    );
  }
}

/** A modal: its title, its custom id, and one to five rows or labels of inputs. */
export function checkModal(form: Form, modal: JsonObject): void {
  form.required("data.custom_id", modal["custom_id"]);
  form.text("data.custom_id", modal["custom_id"], { min: 1, max: 100 });
  form.required("data.title", modal["title"]);
  form.text("data.title", modal["title"], { min: 1, max: 45 });
  const rows = objects(modal["components"]);
  form.count("data.components", rows.length, { min: 1, max: 5 });
  const inputs = rows.flatMap(flatten).filter(({ type }) => type === ComponentType.TextInput);
  for (const [index, input] of inputs.entries()) {
    const path = `data.components.${index}.components.0`;
    form.text(`${path}.custom_id`, input["custom_id"], { min: 1, max: 100 });
    form.text(`${path}.label`, input["label"], { min: 1, max: 45 });
    form.text(`${path}.value`, input["value"], { max: 4000 });
    form.text(`${path}.placeholder`, input["placeholder"], { max: 100 });
  }
  checkUniqueIds(form, rows.flatMap(flatten));
}
