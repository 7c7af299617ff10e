import type { Sample, SampleQuestion, SampleTurn } from "./sample.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 6, 18);

const NAMES = "Mira Tomas Ines Jonas Petra Omar Lena Felix Sofia Hugo Nadia Emil".split(" ");
const PLACES = "Lisbon Bergen Kyoto Quito Tartu Galway Bilbao Graz Ghent Turku Aarhus Sintra".split(
  " ",
);
const ANIMALS = "parrot tortoise terrier rabbit ferret gecko canary hamster".split(" ");
const DISHES = "lasagne ramen tagine pierogi paella goulash dumplings ceviche".split(" ");
const HOBBIES = "climbing pottery fencing archery sailing juggling carving weaving".split(" ");
const INSTRUMENTS = "cello banjo harp trumpet oboe ukulele accordion viola".split(" ");

const CHATTER = [
  "How was your week?",
  "Pretty good, thanks, a bit tired.",
  "Work keeps me busy, you know how it is.",
  "The weather has been strange lately.",
  "I watched a nice film the other evening.",
  "That sounds lovely!",
  "Tell me more about it.",
  "We should meet for coffee soon.",
  "I still have to do the shopping.",
  "Let me think about that for a moment.",
  "I am so glad to hear that.",
  "My back hurts from all the sitting.",
];

/** One thing that is said in a session, and what may be asked about it later. */
interface Plant {
  readonly category: string;
  /** Lines in order; true for those that answer. The first is the other person's when it asks. */
  readonly lines: readonly {
    readonly by: "one" | "other";
    readonly text: string;
    readonly isEvidence: boolean;
  }[];
  readonly question: string;
}

/**
 * Conversations of two people over many sessions, with the truth about which line answers which question. Written by
 * rules, so that nothing has to be downloaded; questions use other forms of the words, and some share none with the
 * line that answers.
 */
export const writeSamples = (count: number, random: () => number): readonly Sample[] =>
  Array.from({ length: count }, (_, index) => writeSample(`written-${index + 1}`, random));

function writeSample(id: string, random: () => number): Sample {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const one = pick(NAMES);
  const other = pick(NAMES.filter((name) => name !== one));
  const turns: SampleTurn[] = [];
  const questions: SampleQuestion[] = [];
  const plants = shuffled([...plantsFor(one, other, pick), ...plantsFor(other, one, pick)], random);
  const perSession = 2;
  for (let session = 0; session * perSession < plants.length; session++) {
    const startedAt = START + session * 5 * DAY_MS;
    let line = 0;
    const say = (speaker: string, text: string): string => {
      const turnId = `S${session + 1}:${++line}`;
      turns.push({ id: turnId, speaker, text, at: new Date(startedAt + line * 20_000) });
      return turnId;
    };
    const chat = () => {
      for (let n = 0; n < 6; n++) say(n % 2 === 0 ? one : other, pick(CHATTER));
    };
    for (const { category, lines, question, by } of plants.slice(
      session * perSession,
      (session + 1) * perSession,
    )) {
      chat();
      const evidence = lines.flatMap((each) => {
        const speaker = each.by === "one" ? by : by === one ? other : one;
        const said = say(speaker, each.text);
        return each.isEvidence ? [said] : [];
      });
      questions.push({ text: question, evidence, category });
    }
    chat();
  }
  return { id, turns, questions };
}

function plantsFor(
  name: string,
  friend: string,
  pick: <Item>(items: readonly Item[]) => Item,
): readonly (Plant & { readonly by: string })[] {
  const [place, animal, dish, hobby, instrument] = [
    PLACES,
    ANIMALS,
    DISHES,
    HOBBIES,
    INSTRUMENTS,
  ].map(pick);
  const own = (text: string, isEvidence = true) => ({ by: "one" as const, text, isEvidence });
  const asked = (text: string) => ({ by: "other" as const, text, isEvidence: false });
  const plants: readonly Plant[] = [
    {
      category: "single",
      lines: [own(`Guess what, I travelled to ${place} and loved every minute.`)],
      question: `Which city has ${name} been travelling to?`,
    },
    {
      category: "single",
      lines: [own(`I have been learning the ${instrument} with a teacher on Thursdays.`)],
      question: `What instrument does ${name} learn?`,
    },
    {
      category: "neighbour",
      lines: [asked("Do you have any pets at home?"), own(`Yes, a ${animal} called Pip!`)],
      question: `Which pet does ${name} have at home?`,
    },
    {
      category: "neighbour",
      lines: [
        asked("What did you cook for the birthday dinner?"),
        own(`A huge pot of ${dish}, everybody had seconds.`),
      ],
      question: `What did ${name} cook for the birthday?`,
    },
    {
      category: "neighbour",
      lines: [
        own("I finally decided on a new hobby.", false),
        own(`It is ${hobby}, starting on Saturday.`),
      ],
      question: `Which hobby did ${name} decide on?`,
    },
    {
      category: "person",
      lines: [own(`My sister Ruth works as a nurse in ${pick(PLACES)}.`)],
      question: `What is the job of the sister of ${name}?`,
    },
    {
      category: "person",
      lines: [own("The doctor says that I must not eat nuts.")],
      question: `What did the doctor tell ${name} about eating, as ${friend} heard?`,
    },
  ];
  return plants.map((plant) => ({ ...plant, by: name }));
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
