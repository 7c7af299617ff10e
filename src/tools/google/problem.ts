/** What kept Google from doing what was asked. The words are for the model and for people: what happened, what to do. */
export class GoogleProblem extends Error {
  override readonly name = "GoogleProblem";
}

export const RECONNECT =
  "Google no longer accepts this person's connection: it was taken back at Google, or ran out. Offer google_connect, so that the person can connect again.";
