/** A provider whose key an operator may enter while Clara runs. */
export interface ProviderChoice {
  /** The variable that the key would otherwise stand in, for example `OPENROUTER_API_KEY`. */
  readonly variable: string;
  readonly name: string;
  /** Where one gets a key. */
  readonly url: string;
}

export type KeyEntered =
  /** Kept, and in use from now on. */
  | { readonly kind: "works"; readonly model: string }
  /** Tried and not kept. `words` say what the operator can do, and hold no piece of the key. */
  | { readonly kind: "refused"; readonly words: string };

/** What the operator can set up from within, without a shell. Only for the operator: callers check that. */
export interface Setup {
  /** True while the demo model answers. */
  readonly isDemo: () => boolean;
  readonly providers: readonly ProviderChoice[];
  /** Tries the key with one cheap live call, and only then keeps it, sealed. */
  readonly enterKey: (variable: string, key: string, signal: AbortSignal) => Promise<KeyEntered>;
}
