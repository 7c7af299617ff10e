/** Somebody else refuses what the operator has set, for good: trying again helps only after the setting is changed. */
export class WrongSettings extends Error {
  override readonly name = "WrongSettings";
}

/** True when nothing else went wrong. */
export const isWrongSettings = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.length > 0 && error.errors.every(isWrongSettings)
    : error instanceof WrongSettings;
