/** True for every name that the machine's clock knows, in whichever case; also for those that have newer names. */
export function isTimeZone(name: string): boolean {
  return spelledTimeZone(name) !== null;
}

/** "asia/jakarta" as IANA spells it; a name with a newer one, such as Asia/Kolkata, as it came; null for no zone. */
export function spelledTimeZone(name: string): string | null {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    return null;
  }
}

/** IANA names that hold what was typed, such as "new york" or "jakarta". */
export function findTimeZones(typed: string, limit: number): readonly string[] {
  const wanted = typed.toLowerCase().replaceAll(" ", "_");
  return Intl.supportedValuesOf("timeZone")
    .filter((name) => name.toLowerCase().includes(wanted))
    .slice(0, limit);
}
