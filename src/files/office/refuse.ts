/** Why a file is not read, in words for people and the model that end the sentence "it was not read: ...". */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

export function refuse(why: string): never {
  throw new RefusedError(why);
}
