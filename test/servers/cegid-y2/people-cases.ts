import assert from "node:assert/strict";
import { at, column, text, type Case } from "./data.ts";

export const peopleCases: readonly Case[] = [
  {
    tool: "check_connection",
    args: () => ({}),
    check(data) {
      assert.equal(data.version, "20.0.12");
      assert.match(String(data.server_time), /^\d{4}-\d\d-\d\dT/);
    },
  },
  {
    tool: "list_customers",
    args: () => ({ filters: { last_name: "martin" } }),
    check(data, books) {
      const own = [...books.customers.values()].filter(
        (one) => one.values.get("LastName") === "Martin",
      );
      assert.deepEqual(
        column(data, "customers", "id"),
        own.map(({ id }) => id),
      );
      assert.equal(at(data, "customers", 0, "email"), own[0]?.values.get("EmailData.Email"));
    },
  },
  {
    tool: "list_customers",
    args: () => ({ limit: 5, offset: 5 }),
    check(data, books) {
      assert.deepEqual(column(data, "customers", "id"), [...books.customers.keys()].slice(5, 10));
      assert.equal(data.next_offset, 10);
    },
  },
  {
    tool: "get_customer_details",
    args: () => ({ customer_id: "WEB000006" }),
    check(data) {
      assert.equal(data.last_name, "O'Neill & fils");
      assert.equal(data.is_company, true);
      assert.equal(data.city, "Paris");
    },
  },
  {
    tool: "create_customer",
    args: () => ({
      name: "Ana Maria Costa",
      email: "ana@example.org",
      phone: "+33611112222",
      address: "5 rue du Bac",
      city: "Paris",
      birth_date: "1990-02-03",
      notes: "Likes <linen> & silk",
    }),
    check(data, books) {
      const own = books.customers.get(text(data, "id"))?.values;
      assert.equal(own?.get("FirstName"), "Ana Maria");
      assert.equal(own?.get("LastName"), "Costa");
      assert.equal(own?.get("EmailData.Email"), "ana@example.org");
      assert.equal(own?.get("BirthDateData.BirthDateMonth"), "2");
      assert.equal(own?.get("Notepad"), "Likes <linen> & silk");
      assert.equal(data.birth_date, "1990-02-03");
    },
  },
  {
    tool: "update_customer",
    args: () => ({ customer_id: "WEB000003", data: { city: "Dijon", phone: "+33699999999" } }),
    check(data, books) {
      const own = books.customers.get("WEB000003")?.values;
      assert.equal(own?.get("AddressData.City"), "Dijon");
      assert.equal(own?.get("FirstName"), "Inès");
      assert.equal(data.city, "Dijon");
      assert.equal(data.mobile_phone, "+33699999999");
    },
  },
  {
    tool: "find_customer_by_reference",
    args: () => ({ customer_reference: "SHOP-2" }),
    check: (data) => assert.equal(data.customer_id, "WEB000002"),
  },
  {
    tool: "get_customer_addresses",
    args: () => ({ customer_id: "WEB000001" }),
    check(data, books) {
      const own = books.customers.get("WEB000001")?.values;
      assert.equal(at(data, "addresses", 0, "city"), own?.get("AddressData.City"));
      assert.deepEqual(at(data, "addresses", 0, "lines"), [own?.get("AddressData.AddressLine1")]);
    },
  },
  {
    tool: "get_loyalty_cards",
    args: () => ({ customer_id: "WEB000001", active: true }),
    check(data, books) {
      const own = books.cards.get("FID1000");
      assert.equal(at(data, "cards", 0, "id"), "FID1000");
      assert.equal(at(data, "cards", 0, "points"), own?.points);
      assert.equal(at(data, "cards", 0, "program"), "Club Or");
    },
  },
  {
    tool: "adjust_loyalty_points",
    args: () => ({ card_id: "FID1000", points: -5.5, reason_id: "GES" }),
    check: (_, books) => assert.equal(books.cards.get("FID1000")?.points, "14.50"),
  },
  {
    tool: "get_loyalty_points",
    args: () => ({ customer_id: "WEB000001" }),
    check: (data) => assert.equal(data.points, "14.50"),
  },
  {
    tool: "get_loyalty_points",
    args: () => ({ card_id: "FID1002" }),
    check: (data, books) => assert.equal(data.points, books.cards.get("FID1002")?.points),
  },
  {
    tool: "change_loyalty_program",
    args: () => ({ card_id: "FID1002", program_id: "GOLD" }),
    check: (_, books) => assert.equal(books.cards.get("FID1002")?.programId, "GOLD"),
  },
  {
    tool: "close_loyalty_card",
    args: () => ({ card_id: "FID1002", reason: "LOST" }),
    check: (_, books) => assert.equal(books.cards.get("FID1002")?.isClosed, true),
  },
  {
    tool: "reopen_loyalty_card",
    args: () => ({
      card_id: "FID1002",
      reason: "FOUND",
      valid_from: "2026-11-24",
      valid_to: "2027-11-23",
    }),
    check: (_, books) => assert.equal(books.cards.get("FID1002")?.isClosed, false),
  },
  {
    tool: "create_loyalty_card",
    args: () => ({ customer_id: "WEB000002" }),
    check(data, books) {
      const own = books.cards.get(text(data, "card_id"));
      assert.equal(own?.customerId, "WEB000002");
      assert.equal(own?.storeId, "FFO001");
    },
  },
];
