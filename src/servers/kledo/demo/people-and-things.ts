import type { Account, Bank, Category, Contact, Named, Product } from "./books.ts";

/** Nobody here exists. Names are common ones; addresses end in .example. */
export const USERS: readonly Named[] = [
  { id: 11, name: "Ratna Dewi" },
  { id: 12, name: "Bayu Pratama" },
  { id: 13, name: "Sari Lestari" },
];

const contact = (
  id: number,
  name: string,
  company: string | null,
  typeId: number,
  city: string,
): Contact => ({
  id,
  name,
  company,
  typeId,
  groupId: typeId === 3 ? 1 : 2,
  email: `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@contoh.example`,
  phone: `0812-0000-${String(id).padStart(4, "0")}`,
  address: `Jalan Contoh ${id}, ${city}`,
});

const CUSTOMER = 3;
const VENDOR = 1;

export const CONTACTS: readonly Contact[] = [
  contact(101, "Kedai Senja", "CV Senja Abadi", CUSTOMER, "Bandung"),
  contact(102, "Warung Pagi", null, CUSTOMER, "Jakarta"),
  contact(103, "Hotel Melati", "PT Melati Wisata", CUSTOMER, "Yogyakarta"),
  contact(104, "Rumah Kopi Utara", "CV Utara", CUSTOMER, "Medan"),
  contact(105, "Kantin Merdeka", null, CUSTOMER, "Surabaya"),
  contact(106, "Toko Roti Mekar", "UD Mekar", CUSTOMER, "Semarang"),
  contact(107, "Kafe Teluk", "PT Teluk Biru", CUSTOMER, "Makassar"),
  contact(108, "Restoran Sawah", null, CUSTOMER, "Denpasar"),
  contact(109, "Kopi Stasiun", "CV Stasiun Tua", CUSTOMER, "Bogor"),
  contact(110, "Ibu Wulandari", null, CUSTOMER, "Depok"),
  contact(111, "Bapak Hartono", null, CUSTOMER, "Tangerang"),
  contact(112, "Koperasi Maju", "Koperasi Maju Bersama", CUSTOMER, "Malang"),
  contact(201, "Petani Gayo", "Koperasi Petani Gayo", VENDOR, "Takengon"),
  contact(202, "Kebun Toraja", "CV Kebun Toraja", VENDOR, "Rantepao"),
  contact(203, "Kemasan Jaya", "PT Kemasan Jaya", VENDOR, "Bekasi"),
  contact(204, "Mesin Nusantara", "PT Mesin Nusantara", VENDOR, "Jakarta"),
  contact(205, "Angkut Cepat", "CV Angkut Cepat", VENDOR, "Cirebon"),
  contact(206, "Gedung Lama", "PT Gedung Lama", VENDOR, "Bandung"),
];

export const UNITS: readonly Named[] = [
  { id: 1, name: "Pcs" },
  { id: 2, name: "Kg" },
  { id: 3, name: "Dus" },
];

export const CATEGORIES: readonly Category[] = [
  {
    id: 1,
    name: "Kopi",
    children: [
      { id: 2, name: "Arabika" },
      { id: 3, name: "Robusta" },
    ],
  },
  { id: 4, name: "Alat", children: [] },
  { id: 5, name: "Kemasan", children: [] },
];

const product = (
  id: number,
  code: string,
  name: string,
  [price, cost]: readonly [number, number],
  [unitId, categoryId]: readonly [number, number],
  stock: readonly number[],
): Product => ({
  id,
  code,
  name,
  price,
  cost,
  unitId,
  categoryId,
  isTracked: stock.length > 0,
  stock,
});

export const PRODUCTS: readonly Product[] = [
  product(301, "KOP-GAYO", "Kopi Gayo 1 kg", [185_000, 120_000], [2, 2], [84, 20]),
  product(302, "KOP-TORAJA", "Kopi Toraja 1 kg", [195_000, 128_000], [2, 2], [61, 12]),
  product(303, "KOP-MANDHELING", "Kopi Mandheling 1 kg", [178_500, 115_250], [2, 2], [40, 0]),
  product(304, "KOP-LAMPUNG", "Robusta Lampung 1 kg", [95_000, 61_000], [2, 3], [150, 75]),
  product(305, "KOP-DAMPIT", "Robusta Dampit 1 kg", [92_750, 58_333], [2, 3], [0, 9]),
  product(306, "ALT-V60", "Penyaring V60", [125_000, 78_000], [1, 4], [25, 5]),
  product(307, "ALT-PRESS", "French press", [215_000, 140_000], [1, 4], [14, 3]),
  product(308, "ALT-GILING", "Penggiling tangan", [475_000, 320_000], [1, 4], [8, 1]),
  product(309, "KMS-250", "Kantong 250 g", [1_850, 1_100], [1, 5], [4_200, 900]),
  product(310, "KMS-1000", "Kantong 1 kg", [3_250, 2_050], [1, 5], [2_600, 400]),
  product(311, "GLS-12", "Gelas kertas 12 oz, 50 buah", [62_500, 41_000], [3, 5], [120, 33]),
  product(312, "JSA-LATIH", "Pelatihan barista, sehari", [1_750_000, 0], [1, 4], []),
];

export const BANKS: readonly Bank[] = [
  { id: 1, name: "Kas", code: "1-10001", opening: 5_000_000 },
  { id: 2, name: "Rekening Bank Contoh", code: "1-10002", opening: 85_000_000 },
  { id: 3, name: "Giro Contoh", code: "1-10003", opening: 22_500_000 },
];

export const ACCOUNTS: readonly Account[] = [
  { id: 1, name: "Kas", code: "1-10001", category: "Kas & Bank", balance: 5_000_000 },
  {
    id: 2,
    name: "Rekening Bank Contoh",
    code: "1-10002",
    category: "Kas & Bank",
    balance: 85_000_000,
  },
  { id: 3, name: "Giro Contoh", code: "1-10003", category: "Kas & Bank", balance: 22_500_000 },
  { id: 21, name: "Piutang Usaha", code: "1-10100", category: "Akun Piutang", balance: 0 },
  {
    id: 22,
    name: "Persediaan Barang",
    code: "1-10200",
    category: "Persediaan",
    balance: 41_250_000,
  },
  { id: 23, name: "Hutang Usaha", code: "2-20100", category: "Akun Hutang", balance: 0 },
  {
    id: 24,
    name: "PPN Keluaran",
    code: "2-20500",
    category: "Kewajiban Lancar Lainnya",
    balance: 0,
  },
  { id: 25, name: "Modal Saham", code: "3-30000", category: "Ekuitas", balance: 100_000_000 },
  { id: 26, name: "Pendapatan", code: "4-40000", category: "Pendapatan", balance: 0 },
  {
    id: 27,
    name: "Beban Pokok Pendapatan",
    code: "5-50000",
    category: "Harga Pokok Penjualan",
    balance: 0,
  },
  { id: 28, name: "Biaya Sewa", code: "6-60200", category: "Beban", balance: 0 },
];

export const TAGS: readonly Named[] = [
  { id: 1, name: "Grosir" },
  { id: 2, name: "Eceran" },
];

export const WAREHOUSES: readonly Named[] = [
  { id: 1, name: "Gudang Bandung" },
  { id: 2, name: "Gudang Jakarta" },
];

export const GROUPS: readonly Named[] = [
  { id: 1, name: "Pelanggan" },
  { id: 2, name: "Pemasok" },
];
