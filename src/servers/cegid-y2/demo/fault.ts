/** What Y2 refuses, in the form that it does: a code, and words with another code in them. */
export class BookFault extends Error {
  override readonly name = "BookFault";
  readonly members: readonly string[];

  constructor(message: string, members: readonly string[] = []) {
    super(message);
    this.members = members;
  }
}

export const unknownDocument = (): BookFault =>
  new BookFault("(WP008) Operation failed: failed to identify document (CheckCancelOrder)");
