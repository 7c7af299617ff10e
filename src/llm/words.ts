import { ModelError, type ModelErrorKind } from "../core/model.ts";

const WORDS: Readonly<Record<ModelErrorKind, string>> = {
  overloaded: "The model I use is overloaded right now. Please try again in a few minutes.",
  "rate-limited":
    "I have asked the model too much in a short time. Please try again in a few minutes.",
  timeout: "The model took too long to answer. Please try again.",
  network: "I could not reach the model. Please try again in a few minutes.",
  "broken-stream": "The model stopped in the middle of its answer. Please try again.",
  auth: "I am not allowed to use my model: its key is not accepted. Whoever runs me has to put that right.",
  "no-credit":
    "My account with the model's provider has run out of credit. Whoever runs me has to fill it up.",
  "not-found":
    "The model that I am set up to use does not exist. Whoever runs me has to choose another one.",
  "context-too-long":
    "This conversation has become too long for the model. Please ask again with less text.",
  "bad-request": "The model could not work with this message. Please try to say it differently.",
  unknown: "Something went wrong while I was thinking. Please try again.",
};

/** One sentence or two for the person who asked; never a provider's words. Of a bug it says no more than of `unknown`. */
export function describeForPeople(error: unknown): string {
  return WORDS[error instanceof ModelError ? error.kind : "unknown"];
}
