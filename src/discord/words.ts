import type { EntryRefusal } from "./gate.ts";

/** What people read that is not an answer of a turn. */
export const WORDS = {
  nothingRuns: "-# Nothing of yours is running here.",
  notYours: "That answer is finished already, or it is not yours to stop.",
  missedTooMany:
    "-# I was away and missed a lot here. I answer the newest questions; please ask again if yours is not among them.",
  tooManyOpen:
    "-# You have so many open questions with me that I leave this one, and those that follow, unanswered. Please ask again when I have caught up.",
  unknownCommand: "I do not know that command (any more). Discord may still be showing an old one.",
  oldComponent: "This button is from an earlier version of me and does nothing any more.",
  notYourControl: "Only the person who asked for this can use it.",
  broken: "⚠️ Something went wrong on my side. Please try again.",
  managersOnly: "Only people who may manage channels here can do that.",
  adminsOnly: "Only people who may manage this server can do that.",
  notHere:
    "That needs me to be in this place, and I am not. It works in servers where I am, and in our DM.",
  timedOut: "You are timed out in this server. I am at your service again when that is over.",
  serversOnly: "This works in servers only: here I answer everything anyway.",
} as const;

/** Why a command or a button does nothing for this person here. */
export function refused(reason: EntryRefusal): string {
  switch (reason) {
    case "server-not-allowed":
      return "I am not at work in this server.";
    case "channel-not-allowed":
      return "I am not at work in this channel.";
    case "blocked":
      return "Whoever runs me has decided that I do not answer you.";
    case "role-missing":
      return "You need a role that may talk to me. Ask whoever runs this server.";
  }
}
