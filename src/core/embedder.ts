/** Makes vectors of texts, so that what means the same is near. */
export interface Embedder {
  /** Vectors of different names are not comparable, and are never compared. */
  readonly name: string;
  /** One unit vector for each text, in order. Rejects with words when the provider does not answer as it should. */
  readonly embed: (
    texts: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly Float32Array[]>;
}
