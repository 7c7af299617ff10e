/** Words as they are looked for: without accents and endings, in the language of the tools where it is known. */

/** What people say, in four languages, and what tools are called. One stem on the left, stems of tools on the right. */
const SYNONYMS: Readonly<Record<string, string>> = {
  // English
  email: "mail",
  gmail: "mail",
  letter: "mail",
  inbox: "mail",
  photo: "image",
  picture: "image",
  paint: "draw",
  appointment: "event calendar",
  meeting: "event calendar meet",
  schedule: "calendar event schedule",
  agenda: "calendar event",
  todo: "task",
  bug: "issue bug",
  pr: "pull request",
  ci: "workflow actions run",
  build: "workflow pipeline run",
  internet: "web",
  online: "web",
  google: "search",
  lookup: "search",
  look: "search",
  find: "search find",
  article: "page",
  money: "balance amount",
  bill: "invoice expense",
  overdue: "invoice status",
  paid: "payment invoice paid",
  doc: "document",
  sheet: "spreadsheet",
  script: "code program",
  execute: "run",
  python: "code program",
  javascript: "code program",
  light: "light switch",
  turn: "switch",
  vote: "poll",
  note: "file",
  post: "post message",
  know: "known recall",
  earlier: "conversation",
  said: "conversation said",
  say: "conversation said",
  drive: "drive travel route",
  far: "route",
  shop: "store",
  deploy: "pipeline",
  deployment: "pipeline",
  song: "music",
  jazz: "music",
  spammer: "member misbehave",
  ban: "member",
  item: "item",
  meet: "meet free",
  form: "field",
  column: "cell spreadsheet",
  value: "value cell",
  move: "move change",
  // Deutsch
  erinner: "remind",
  erinnerung: "reminder",
  merk: "fact keep",
  wett: "weather",
  uhr: "time",
  spat: "time",
  zeit: "time",
  such: "search",
  find_: "find",
  schick: "send",
  send: "send",
  antwort: "reply",
  termin: "calendar event",
  kalend: "calendar event",
  verschieb: "change move event",
  losch: "delete",
  ubersetz: "translate",
  bild: "image",
  zeichn: "draw",
  umfrag: "poll",
  aufgab: "task",
  datei: "file",
  dokument: "document",
  rechnung: "invoice",
  kund: "customer",
  lag: "stock",
  preis: "price",
  nachricht: "message",
  morg: "date",
  zeig: "list",
  geld: "balance",
  licht: "light",
  flug: "flight",
  fluge: "flight",
  konto: "account balance",
  steh: "list",
  lad: "store",
  les: "read",
  weck: "remind",
  tabell: "spreadsheet",
  // Français
  envoi: "send",
  envoy: "send",
  courriel: "mail",
  rendez: "event calendar",
  vous: "",
  magasin: "store",
  magasins: "store",
  pric: "price",
  prix: "price",
  piec: "piece",
  chiffr: "turnover sales",
  affair: "turnover",
  client: "customer",
  clientel: "customer",
  fidelit: "loyalty",
  fidel: "loyalty",
  cherch: "search find",
  recherch: "search",
  fichi: "file",
  ouvr: "open read",
  lis: "read",
  cre: "create",
  factur: "invoice",
  faktur: "invoice",
  hotel: "hotel",
  vol: "flight",
  traduis: "translate",
  meteo: "weather",
  rappel: "remind",
  articl: "item page",
  telephon: "phone",
  list: "list",
  supprim: "delete",
  image: "image",
  dessin: "draw",
  hier: "date day",
  // Bahasa Indonesia
  buat: "create",
  kirim: "send",
  pesan: "message",
  cari: "search find",
  hapus: "delete",
  gambar: "draw image",
  jadwal: "calendar event list",
  besok: "date",
  pelangg: "customer",
  pelanggan: "customer",
  catat: "record",
  pengeluar: "expense",
  pengeluaran: "expense",
  lapor: "report",
  laporan: "report",
  laba: "profit",
  rugi: "loss",
  neraca: "balance sheet",
  saldo: "balance",
  kas: "cash bank",
  daftar: "list",
  bayar: "paid payment",
  dibayar: "paid invoice",
  pindahk: "move",
  pindahkan: "move",
  tahap: "stage",
  tiket: "ticket",
  dukung: "support",
  dukungan: "support",
  terjemahk: "translate",
  terjemahkan: "translate",
  bahasa: "language",
  cuaca: "weather",
  ingatk: "remind",
  ingatkan: "remind",
  toko: "store",
  stok: "stock",
  harga: "price",
  baca: "read",
  berkas: "file",
  uang: "balance",
  baru: "new",
  surat: "mail",
  waktu: "time",
  jam: "time",
};

const STOP_WORDS = new Set(
  "a an and are as at be by can could did do does for from get give has have how i in into is it its let me my of on or our please some that the their them then there these this those to us was we what when where which who will with you your der die das den dem ein eine einen ich mir mich mein meine meinem ist im ins von zu auf fur und was wie welche habe le la les un une des du de au en mon ma cette ce et est yang di ke ini itu saya apa untuk dari dan per".split(
    " ",
  ),
);

/** Longest first. */
const ENDINGS = [
  "ations",
  "ation",
  "ings",
  "ing",
  "ies",
  "ers",
  "ern",
  "ed",
  "en",
  "er",
  "es",
  "et",
  "em",
  "s",
  "e",
  "n",
  "t",
];
const MIN_STEM = 4;

const stem = (word: string): string => {
  const ending = ENDINGS.find(
    (each) => word.endsWith(each) && word.length - each.length >= MIN_STEM,
  );
  const cut = ending === undefined ? word : word.slice(0, -ending.length);
  return ending === "ies" ? `${cut}y` : cut;
};

/** The stems of a text, in order; `sendMail` and `send_mail` are two words each. */
export const stemsOf = (text: string): readonly string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !STOP_WORDS.has(word))
    .map(stem);

/** The same for a query, with what tools call it. */
export const queryStems = (text: string): readonly string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !STOP_WORDS.has(word))
    .flatMap((word) => {
      const meant = SYNONYMS[word] ?? SYNONYMS[stem(word)];
      return [stem(word), ...(meant === undefined ? [] : stemsOf(meant))];
    });

const plain = (text: string): string =>
  text
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();
