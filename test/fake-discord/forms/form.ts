import { DiscordError } from "../world/errors.ts";
import type { JsonObject } from "../world/model.ts";

const INVALID_FORM = 50_035;

/** Collects what is wrong with a body, then complains about all of it at once, as Discord does. */
export class Form {
  readonly #tree: JsonObject = {};
  #failed = false;

  /** `path` is dotted, like `embeds.0.title`. */
  fail(path: string, code: string, message: string): void {
    let node = this.#tree;
    for (const key of path.split(".")) node = (node[key] ??= {}) as JsonObject;
    const errors = (node["_errors"] ??= []) as object[];
    errors.push({ code, message });
    this.#failed = true;
  }

  /** Checks the length of what is there; absent and null pass. */
  text(
    path: string,
    value: unknown,
    limits: { readonly min?: number; readonly max: number },
  ): void {
    if (value === undefined || value === null) return;
    if (typeof value !== "string") {
      return this.fail(
        path,
        "STRING_TYPE_CONVERT",
        `Could not interpret "${JSON.stringify(value)}" as string.`,
      );
    }
    const length = lengthOf(value);
    const { min = 0, max } = limits;
    if (length > max) this.fail(path, "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    if (length < min)
      this.fail(path, "BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`);
  }

  required(path: string, value: unknown): void {
    if (value === undefined || value === null || value === "") {
      this.fail(path, "BASE_TYPE_REQUIRED", "This field is required");
    }
  }

  count(path: string, size: number, limits: { readonly min?: number; readonly max: number }): void {
    const { min = 0, max } = limits;
    if (size > max) this.fail(path, "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    if (size < min)
      this.fail(path, "BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`);
  }

  number(
    path: string,
    value: unknown,
    limits: { readonly min: number; readonly max: number },
  ): void {
    if (value === undefined || value === null) return;
    if (typeof value !== "number" || !Number.isInteger(value)) {
      return this.fail(path, "NUMBER_TYPE_COERCE", `Value "${JSON.stringify(value)}" is not int.`);
    }
    const { min, max } = limits;
    if (value < min)
      this.fail(path, "NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`);
    if (value > max)
      this.fail(path, "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
  }

  url(path: string, value: unknown): void {
    if (value === undefined || value === null) return;
    if (typeof value === "string" && /^(https?|attachment|discord):\/\/\S+$/.test(value)) return;
    this.fail(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
  }

  /** Throws 50035 with the whole tree when anything failed. */
  finish(): void {
    if (this.#failed) throw this.toError();
  }

  toError(): DiscordError {
    return new DiscordError(400, INVALID_FORM, "Invalid Form Body", this.#tree);
  }
}

/** A form with one thing wrong. */
export function invalidForm(path: string, code: string, message: string): DiscordError {
  const form = new Form();
  form.fail(path, code, message);
  return form.toError();
}

/** Discord counts code points, so an emoji outside the basic plane is one. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else counts as absent. */
export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
