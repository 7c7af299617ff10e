import type { Store } from "./state.ts";

export const STORES: readonly Store[] = [
  { id: "FFO001", name: "Paris Marais", warehouseId: "FFO001", currency: "EUR" },
  { id: "FFO002", name: "Lyon Bellecour", warehouseId: "FFO002", currency: "EUR" },
  { id: "FCH001", name: "Genève Rive", warehouseId: "FCH001", currency: "CHF" },
];

export const CATEGORIES: ReadonlyMap<string, readonly { id: string; name: string }[]> = new Map([
  [
    "1",
    [
      { id: "TOP", name: "Tops" },
      { id: "BOT", name: "Trousers & skirts" },
      { id: "SHO", name: "Shoes" },
      { id: "ACC", name: "Accessories" },
    ],
  ],
  [
    "2",
    [
      { id: "W", name: "Women" },
      { id: "M", name: "Men" },
    ],
  ],
]);

/** Code, description, category, for whom, price, size, colour. */
export const ITEMS: readonly (readonly [string, string, string, string, string, string, string])[] =
  [
    ["TSH100", "T-shirt, organic cotton", "TOP", "W", "29.90", "S", "White"],
    ["TSH100", "T-shirt, organic cotton", "TOP", "W", "29.90", "M", "White"],
    ["TSH100", "T-shirt, organic cotton", "TOP", "W", "29.90", "L", "Navy"],
    ["CHE200", 'Shirt "Rivière", linen & silk', "TOP", "M", "89.00", "M", "Sky"],
    ["CHE200", 'Shirt "Rivière", linen & silk', "TOP", "M", "89.00", "L", "Sky"],
    ["PUL310", "Pullover, merino", "TOP", "W", "119.00", "S", "Écru"],
    ["PUL310", "Pullover, merino", "TOP", "W", "119.00", "M", "Écru"],
    ["JEA400", "Jeans, straight", "BOT", "M", "99.90", "32", "Indigo"],
    ["JEA400", "Jeans, straight", "BOT", "M", "99.90", "34", "Indigo"],
    ["JUP420", "Skirt, pleated", "BOT", "W", "79.50", "38", "Olive"],
    ["JUP420", "Skirt, pleated", "BOT", "W", "79.50", "40", "Olive"],
    ["PAN430", "Trousers <wide>", "BOT", "W", "95.00", "38", "Black"],
    ["BOT500", "Boots, leather", "SHO", "W", "189.00", "38", "Cognac"],
    ["BOT500", "Boots, leather", "SHO", "W", "189.00", "39", "Cognac"],
    ["SNE510", "Sneakers", "SHO", "M", "129.00", "42", "White"],
    ["SNE510", "Sneakers", "SHO", "M", "129.00", "43", "White"],
    ["SAC600", "Bag, leather", "ACC", "W", "249.00", "U", "Black"],
    ["ECH610", "Scarf, cashmere", "ACC", "W", "149.00", "U", "Grey"],
    ["CEI620", "Belt", "ACC", "M", "49.00", "85", "Brown"],
    ["GAN630", "Gloves", "ACC", "M", "59.00", "9", "Black"],
  ];

/** First name, last name, city, zip code, country. */
export const CUSTOMERS: readonly (readonly [string, string, string, string, string])[] = [
  ["Claire", "Martin", "Paris", "75003", "FRA"],
  ["Hugo", "Bernard", "Paris", "75011", "FRA"],
  ["Inès", "Dubois", "Lyon", "69002", "FRA"],
  ["Louis", "Petit", "Lyon", "69006", "FRA"],
  ["Zoé", "Durand", "Villeurbanne", "69100", "FRA"],
  ["Marc", "O'Neill & fils", "Paris", "75008", "FRA"],
  ["Anna", "Favre", "Genève", "1204", "CHE"],
  ["Luca", "Rossi", "Genève", "1207", "CHE"],
  ["Sophie", "Meyer", "Lausanne", "1003", "CHE"],
  ["Paul", "Lefèvre", "Montreuil", "93100", "FRA"],
  ["Jeanne", "Moreau", "Paris", "75019", "FRA"],
  ["Nadia", "Benali", "Lyon", "69007", "FRA"],
  ["Tom", "Girard", "Grenoble", "38000", "FRA"],
  ["Eva", "Garcia", "Paris", "75014", "FRA"],
  ["Noé", "Martin", "Annecy", "74000", "FRA"],
];
