import { expect, test } from "vitest";
import { openCegidEmulator } from "./index.ts";

const ACCOUNT = { folder: "F_001", user: "u", password: "p" };
const clock = { now: () => new Date("2026-11-24T11:00:00Z") };
const RETAIL = "http://www.cegid.fr/Retail/1.0";
const basic = `Basic ${Buffer.from("F_001\\u:p").toString("base64")}`;

const ask = (url: string, request: string, folder = "F_001", authorization = basic) =>
  fetch(`${url}/SaleDocumentService.svc`, {
    method: "POST",
    headers: {
      authorization,
      "content-type": "text/xml; charset=utf-8",
      soapaction: `"${RETAIL}/ISaleDocumentService/GetHeaderList"`,
    },
    body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><GetHeaderList xmlns="${RETAIL}">${request}<clientContext><DatabaseId>${folder}</DatabaseId></clientContext></GetHeaderList></e:Body></e:Envelope>`,
  });

test("the emulator passes over what does not stand where it belongs, and remembers that", async () => {
  await using emulator = await openCegidEmulator([ACCOUNT], clock);

  const right = await ask(
    emulator.url,
    "<searchRequest><CustomerId>nobody</CustomerId><EndDate>2000-01-01T00:00:00</EndDate></searchRequest>",
  );
  const before = [...emulator.ignored];
  const wrong = await ask(
    emulator.url,
    "<searchRequest><EndDate>2099-01-01T00:00:00</EndDate><CustomerId>nobody</CustomerId><Colour>red</Colour></searchRequest>",
  );

  expect(before).toEqual([]);
  expect(await right.text()).not.toContain("Get_Header>");
  expect(await wrong.text()).toContain("Get_Header>");
  expect(emulator.ignored).toEqual([
    "GetHeaderList/searchRequest/CustomerId",
    "GetHeaderList/searchRequest/Colour",
  ]);
});

test("the emulator asks for the password, and for the folder that it opens", async () => {
  await using emulator = await openCegidEmulator([ACCOUNT], clock);

  const stranger = await ask(emulator.url, "", "F_001", "Basic eDp5");
  const elsewhere = await ask(emulator.url, "", "F_002");

  expect(stranger.status).toBe(401);
  expect(elsewhere.status).toBe(500);
  expect(await elsewhere.text()).toContain("The database is unknown");
});

test("the emulator describes its services", async () => {
  await using emulator = await openCegidEmulator([ACCOUNT], clock);

  const wsdl = await fetch(`${emulator.url}/LoyaltyWcfService.svc?singleWsdl`);

  expect(await wsdl.text()).toContain(`soapAction="${RETAIL}/ILoyaltyWcfService/GetCustomerCards"`);
});
