/** Adds to the end; of the oldest, at least `max` and less than twice as many are kept. */
export function pushBounded<T>(list: T[], item: T, max: number): void {
  list.push(item);
  // In one go, because removing the first of many moves all the others.
  if (list.length >= 2 * max) list.splice(0, list.length - max);
}

/** Sets a key, and forgets the oldest when there are more than `max`. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.set(key, value);
  if (map.size <= max) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
