import type { EpisodeStore } from "../core/episodes.ts";
import { episodeShelf, factShelves } from "../core/memory.ts";
import { type RecallSource } from "../core/recall.ts";
import { audienceKey, type Scope } from "../core/principal.ts";
import { createMessageShelf, type MessageShelf } from "./message-shelf.ts";
import { createEpisodeIndex, type EpisodeIndex } from "./rank-episodes.ts";
import { createFactShelf, type FactShelf } from "./rank-facts.ts";

/** Facts and lines that are held in memory together, some 300 bytes each; the shelves that were not used longest go. */
const MAX_UNITS = 400_000;
/** A fact with its vector of 6 KB takes as much room as so many without. */
const VECTOR_UNITS = 20;
/** And a talk with its summary. */
const EPISODE_UNITS = 8;
/** Lines may be stored behind newer ones by so much: an answer stands right after its question, however long it took. */
const OVERLAP_MS = 600_000;
/**
 * Older shelves are made anew: of lines, what was stored long after it was said is missing there; and facts that were
 * used meanwhile are stronger, which is no change that makes a new version.
 */
const MAX_AGE_MS = 6 * 3_600_000;

export interface Shelves {
  /** Those of the scope, as they are in the store now; null when the person wants no memory used. */
  readonly open: (scope: Scope) => Promise<OpenShelves | null>;
}

export interface OpenShelves {
  readonly facts: readonly FactShelf[];
  readonly messages: MessageShelf;
  readonly episodes: EpisodeIndex;
}

interface Kept {
  readonly units: () => number;
}

interface KeptFacts extends Kept {
  readonly version: number;
  readonly madeAt: number;
  readonly shelf: FactShelf;
}

interface KeptEpisodes extends Kept {
  readonly version: number;
  readonly index: EpisodeIndex;
}

interface KeptMessages extends Kept {
  readonly madeAt: number;
  readonly shelf: MessageShelf;
}

/**
 * The rows as ranking wants them, held from one question to the next. Facts are read again when their version has
 * grown, in whichever process that was; of lines only the new ones are read. What was taken away meanwhile may still
 * be ranked, but is never shown: whoever shows it reads it from the store first.
 */
export function createShelves({
  source,
  episodes: talks,
  elapsedMs,
  embedder,
}: {
  readonly source: RecallSource;
  /** null: none are held. */
  readonly episodes: Pick<EpisodeStore, "shelf"> | null;
  readonly elapsedMs: () => number;
  /** Whose vectors are wanted; null for none. */
  readonly embedder: string | null;
}): Shelves {
  const facts = createKeep<KeptFacts>(MAX_UNITS / 2);
  const messages = createKeep<KeptMessages>(MAX_UNITS / 2);
  const episodes = createKeep<KeptEpisodes>(MAX_UNITS / 8);

  async function openVersioned(
    scope: Scope,
  ): Promise<Pick<OpenShelves, "facts" | "episodes"> | null> {
    const { isOff, versions } = await source.state(scope);
    if (isOff) return null;
    const [openedFacts, openedEpisodes] = await Promise.all([
      openFacts(scope, versions),
      openEpisodes(scope, versions),
    ]);
    return { facts: openedFacts, episodes: openedEpisodes };
  }

  async function openEpisodes(
    scope: Scope,
    versions: ReadonlyMap<string, number>,
  ): Promise<EpisodeIndex> {
    const key = episodeShelf(scope);
    const version = versions.get(key) ?? 0;
    const kept = episodes.get(key);
    if (kept?.version === version) return kept.index;
    const index = createEpisodeIndex(talks && version > 0 ? await talks.shelf(scope) : []);
    episodes.set(key, { version, index, units: () => index.episodes.length * EPISODE_UNITS });
    return index;
  }

  function openFacts(
    scope: Scope,
    versions: ReadonlyMap<string, number>,
  ): Promise<readonly FactShelf[]> {
    return Promise.all(
      factShelves(scope).map(async (key) => {
        const version = versions.get(key) ?? 0;
        const kept = facts.get(key);
        const isFresh = kept !== undefined && elapsedMs() - kept.madeAt < MAX_AGE_MS;
        if (isFresh && kept.version === version) return kept.shelf;
        const madeAt = elapsedMs();
        const shelf = createFactShelf(await source.factShelf(scope, key, embedder));
        facts.set(key, {
          version,
          madeAt,
          shelf,
          units: () => shelf.facts.length * (embedder === null ? 1 : VECTOR_UNITS),
        });
        return shelf;
      }),
    );
  }

  async function openMessages(scope: Scope): Promise<MessageShelf> {
    const key = audienceKey(scope.audience);
    const kept = messages.get(key);
    const isFresh = kept !== undefined && elapsedMs() - kept.madeAt < MAX_AGE_MS;
    const shelf = isFresh ? kept.shelf : createMessageShelf();
    const newest = shelf.newest();
    const since = newest === null ? null : new Date(newest.getTime() - OVERLAP_MS);
    shelf.add(await source.messageShelf(scope, since));
    const madeAt = isFresh ? kept.madeAt : elapsedMs();
    messages.set(key, { madeAt, shelf, units: () => shelf.units.length });
    return shelf;
  }

  return {
    async open(scope) {
      const [versioned, openedMessages] = await Promise.all([
        openVersioned(scope),
        openMessages(scope),
      ]);
      return versioned && { ...versioned, messages: openedMessages };
    },
  };
}

interface Keep<Value extends Kept> {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
}

/** At most so many units; the least recently used go first. The newest stays whatever its size. */
function createKeep<Value extends Kept>(maxUnits: number): Keep<Value> {
  const all = new Map<string, Value>();
  return {
    get(key) {
      const found = all.get(key);
      if (found) {
        all.delete(key);
        all.set(key, found);
      }
      return found;
    },
    set(key, value) {
      all.delete(key);
      all.set(key, value);
      let units = 0;
      for (const each of all.values()) units += each.units();
      for (const [oldest, { units: size }] of all) {
        if (units <= maxUnits || oldest === key) break;
        units -= size();
        all.delete(oldest);
      }
    },
  };
}
