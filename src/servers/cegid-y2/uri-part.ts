/** A part of a resource's address as it was meant; what is no such code stays as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // Then nothing is found by it.
  }
}
