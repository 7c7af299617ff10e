import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIContainerComponent,
  APIModalInteractionResponseCallbackData as Modal,
  APISelectMenuComponent,
} from "discord-api-types/v10";
import { ButtonStyle, ComponentType, MessageFlags, TextInputStyle } from "discord-api-types/v10";
import type { NewControl } from "../../core/components.ts";
import type { JsonObject } from "../../core/model.ts";
import type {
  ButtonControl,
  Choice,
  Control,
  Form,
  Reply,
  SelectControl,
} from "../commands/reply.ts";
import { render } from "../render.ts";

/** Discord's bounds. */
const MAX_ROWS = 5;
const MAX_CHOICES = 25;
const MAX_FILES = 10;
const MAX_LABEL = 80;
const MAX_CHOICE = 100;
const MAX_TITLE = 45;
const MAX_DESCRIPTION = 1_024;

/** The action behind Previous and Next. */
export const TURN_PAGE = "frame-page";
const CONTROL = "c:";
const OPENING = "f:";

/** The control that a custom id stands for; null for buttons that are no controls of a reply. */
export function controlOf(
  customId: string,
): { readonly id: string; readonly opensForm: boolean } | null {
  if (customId.startsWith(CONTROL)) return { id: customId.slice(CONTROL.length), opensForm: false };
  if (customId.startsWith(OPENING)) return { id: customId.slice(OPENING.length), opensForm: true };
  return null;
}

export interface FormingDeps {
  /** Short and never the same twice. */
  readonly createControlId: () => string;
  /** True for an action that opens a form: it has to be known before anything is looked up. */
  readonly opensForm: (action: string) => boolean;
}

type Container = APIContainerComponent;
type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

export interface FormingOptions {
  readonly page?: number;
  readonly isPanel?: boolean;
}

export interface Formed {
  readonly message: {
    /** null: the words are in the components. */
    readonly content: string | null;
    readonly components: (Row | Container)[];
    /** Of the message itself, besides who sees it. */
    readonly layout: 0 | MessageFlags.IsComponentsV2;
    readonly files: {
      readonly attachment: Buffer;
      readonly name: string;
      readonly description?: string;
    }[];
    readonly allowedMentions: { readonly parse: [] };
  };
  /** To be kept before the message is shown. */
  readonly controls: readonly NewControl[];
}

/**
 * A reply as Discord takes it: one page of it, its controls under ids, nothing beyond Discord's bounds. A message that was
 * laid out by components stays one (`isPanel`), whatever comes into its place.
 */
export function toMessage(
  deps: FormingDeps,
  reply: Reply,
  { page = 0, isPanel = reply.isPanel ?? false }: FormingOptions = {},
): Formed {
  const controls: NewControl[] = [];
  const keep = (action: string, data: JsonObject): string => {
    const id = deps.createControlId();
    controls.push({ id, action, data });
    return (deps.opensForm(action) ? OPENING : CONTROL) + id;
  };
  const pages = render(reply.text, { final: true });
  const at = Math.min(Math.max(page, 0), Math.max(pages.length - 1, 0));
  const turning = pages.length > 1 ? [pageRow(keep, reply, at, pages.length)] : [];
  const rows = (reply.rows ?? [])
    .filter((row) => row.length > 0)
    .slice(0, MAX_ROWS - turning.length)
    .map((row) => toRow(keep, row));
  const rest = pages[at]?.file;
  const files = [
    ...(rest ? [{ name: rest.name, attachment: Buffer.from(rest.text) }] : []),
    ...(reply.files ?? []).map(({ name, content, description }) => ({
      name,
      attachment: Buffer.from(content),
      ...(description === undefined ? {} : { description: cut(description, MAX_DESCRIPTION) }),
    })),
  ];
  const words = pages[at]?.content ?? "";
  return {
    message: {
      ...(isPanel ? framed(words, [...rows, ...turning]) : plain(words, [...rows, ...turning])),
      files: files.slice(0, MAX_FILES),
      allowedMentions: { parse: [] },
    },
    controls,
  };
}

const plain = (content: string, components: Row[]) => ({ content, components, layout: 0 as const });

/** https://docs.discord.com/developers/components/reference: words and controls in one frame. */
function framed(words: string, rows: readonly Row[]) {
  const frame: Container = {
    type: ComponentType.Container,
    components: [
      ...(words === "" ? [] : [{ type: ComponentType.TextDisplay as const, content: words }]),
      ...(rows.length === 0 ? [] : [{ type: ComponentType.Separator as const }]),
      ...rows,
    ],
  };
  return { content: null, components: [frame], layout: MessageFlags.IsComponentsV2 as const };
}

/** The form, whose sending is a control like any other. */
export function toModal(
  deps: FormingDeps,
  form: Form,
): { readonly modal: Modal; readonly control: NewControl } {
  const id = deps.createControlId();
  const modal: Modal = {
    custom_id: CONTROL + id,
    title: cut(form.title, MAX_TITLE),
    components: form.fields.map((field) => ({
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.TextInput,
          custom_id: field.name,
          label: cut(field.label, MAX_TITLE),
          style: field.style === "long" ? TextInputStyle.Paragraph : TextInputStyle.Short,
          required: field.isRequired ?? false,
          ...(field.value === undefined ? {} : { value: field.value }),
          ...(field.placeholder === undefined
            ? {}
            : { placeholder: cut(field.placeholder, MAX_CHOICE) }),
          ...(field.maxLength === undefined ? {} : { max_length: field.maxLength }),
        },
      ],
    })),
  };
  return { modal, control: { id, action: form.action, data: form.data } };
}

type Keep = (action: string, data: JsonObject) => string;

function pageRow(keep: Keep, { text, rows = [] }: Reply, at: number, count: number): Row {
  const to = (page: number, label: string): APIComponentInMessageActionRow => ({
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label,
    disabled: page < 0 || page >= count,
    // Rows are plain data: see commands/reply.ts.
    custom_id: keep(TURN_PAGE, { text, rows, page } as unknown as JsonObject),
  });
  return {
    type: ComponentType.ActionRow,
    components: [to(at - 1, "Previous"), to(at + 1, `Next (${at + 1} of ${count})`)],
  };
}

const toRow = (keep: Keep, row: readonly Control[]): Row => ({
  type: ComponentType.ActionRow,
  components: row.slice(0, MAX_ROWS).map((control) => toComponent(keep, control)),
});

function toComponent(keep: Keep, control: Control): APIComponentInMessageActionRow {
  switch (control.kind) {
    case "link":
      return {
        type: ComponentType.Button,
        style: ButtonStyle.Link,
        label: cut(control.label, MAX_LABEL),
        url: control.url,
      };
    case "button":
      return {
        type: ComponentType.Button,
        style: STYLES[control.style ?? "secondary"],
        label: cut(control.label, MAX_LABEL),
        disabled: control.isDisabled ?? false,
        custom_id: keep(control.action, control.data),
      };
    case "select":
      return toSelect(keep, control);
  }
}

const STYLES: Readonly<
  Record<
    NonNullable<ButtonControl["style"]>,
    ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger
  >
> = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
};

function toSelect(keep: Keep, control: SelectControl): APISelectMenuComponent {
  const { from, placeholder, action, data, isDisabled = false } = control;
  const common = {
    custom_id: keep(action, data),
    placeholder: cut(placeholder, MAX_CHOICE),
    disabled: isDisabled,
    min_values: control.min ?? 1,
    max_values: control.max ?? 1,
  };
  switch (from) {
    case "channels":
      return { type: ComponentType.ChannelSelect, ...common };
    case "roles":
      return { type: ComponentType.RoleSelect, ...common };
    case "people":
      return { type: ComponentType.UserSelect, ...common };
    default: {
      const choices = from.slice(0, MAX_CHOICES);
      const max_values = Math.min(common.max_values, choices.length);
      return {
        type: ComponentType.StringSelect,
        ...common,
        max_values,
        options: choices.map(toOption),
      };
    }
  }
}

const toOption = ({ name, value, description, isChosen }: Choice) => ({
  label: cut(name, MAX_CHOICE),
  value,
  default: isChosen ?? false,
  ...(description === undefined ? {} : { description: cut(description, MAX_CHOICE) }),
});

/** Never through the middle of a character. */
export const cut = (text: string, max: number): string =>
  text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .replace(/[\uD800-\uDBFF]$/, "")
        .trimEnd()}…`;
