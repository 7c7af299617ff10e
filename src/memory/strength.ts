import {
  createEmptyCard,
  forgetting_curve,
  fsrs,
  Rating,
  State,
  type Card,
  type Grade,
} from "ts-fsrs";

/** How well something is kept, by FSRS. `stability` in days: after so long 90 % is left. `difficulty` 1 to 10. */
export interface Strength {
  readonly stability: number;
  readonly difficulty: number;
  readonly reviewedAt: Date;
}

const DAY_MS = 86_400_000;

// Days, not minutes, and the same for the same input: what fades here is trivia, no vocabulary.
const scheduler = fsrs({ enable_fuzz: false, enable_short_term: false });

/** What was told on purpose stays longer than what was heard in passing. */
export const newStrength = (now: Date, wasTold: boolean): Strength =>
  toStrength(after(createEmptyCard(now), now, wasTold ? Rating.Easy : Rating.Good));

/** After it was used once more: it fades slower from now on. */
export const strengthen = (strength: Strength, now: Date): Strength =>
  toStrength(after(toCard(strength), now, Rating.Good));

/** 0 to 1: what is left of it. */
export const retention = (
  { stability, reviewedAt }: Pick<Strength, "stability" | "reviewedAt">,
  now: Date,
): number =>
  forgetting_curve(
    scheduler.parameters.w,
    Math.max(0, now.getTime() - reviewedAt.getTime()) / DAY_MS,
    stability,
  );

const after = (card: Card, now: Date, grade: Grade): Card => scheduler.next(card, now, grade).card;

const toCard = ({ stability, difficulty, reviewedAt }: Strength): Card => ({
  ...createEmptyCard(reviewedAt),
  stability,
  difficulty,
  state: State.Review,
  reps: 1,
  last_review: reviewedAt,
});

const toStrength = ({ stability, difficulty, last_review: reviewedAt, due }: Card): Strength => ({
  stability,
  difficulty,
  reviewedAt: reviewedAt ?? due,
});
