const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Only our own ids become paths and keys; whatever people or models name is looked up in rows. Throws for others. */
export function checkedBlobId(id: string): string {
  if (!ID.test(id)) throw new Error("The id of a file is a UUID");
  return id;
}
