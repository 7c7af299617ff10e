import { expect, test } from "vitest";
import { faultFailure, toFault } from "./fault.ts";
import { readXml } from "./read-xml.ts";

const fault = (code: string, detail: string, words = "Remote call failed: Code = (WP006)") =>
  faultFailure(
    toFault(
      readXml(
        `<s:Fault xmlns:s="x"><faultcode xmlns:a="y">a:${code}</faultcode><faultstring>${words}</faultstring><detail>${detail}</detail></s:Fault>`,
      ),
    ),
  );

const wrapped = (message: string): string =>
  `<CbpExceptionDetail><InnerException><InnerException><Message>${message}</Message><StackTrace>at Secret.Place()</StackTrace></InnerException><Message>outer</Message></InnerException><Message>outermost</Message><TrackingId>t-1</TrackingId></CbpExceptionDetail>`;

test.each([
  ["(CBR00009) the document already exists", "CONFLICT", "CBR00009"],
  ["failed to identify document (x.CheckCancelOrder)", "NOT_FOUND", "CBR_001_0003"],
  ["Order cancelled. No processing authorised", "CONFLICT", "CBR_001_0003"],
  ["(WP008) The document is locked", "CONFLICT", "WP008"],
  ["(WP006) the customer is unknown", "NOT_FOUND", "WP006"],
  ["You are not authorized to use this service", "FORBIDDEN", "CBR_001_0003"],
  ["(CBR00006) Document creation failed", "UPSTREAM_REJECTED", "CBR00006"],
])("%s is %s to the model", (message, code, inner) => {
  const failure = fault("CBR_001_0003", wrapped(message));

  expect(failure).toMatchObject({ code, details: { fault: inner, tracking_id: "t-1" } });
  expect(failure.message).toContain(message);
  expect(failure.message).not.toContain("Secret.Place");
  expect(failure.hint).toBeTruthy();
});

test("fields that are wrong are named", () => {
  const detail =
    "<BusinessFaultDetail><Message>Validation</Message><MemberNames><string>ReasonId</string></MemberNames></BusinessFaultDetail>";

  expect(fault("CBR_002", detail)).toMatchObject({
    code: "INVALID_ARGUMENT",
    details: { fields: ["ReasonId"] },
  });
});

test("a service that this version does not have is told as such", () => {
  const failure = fault("ActionNotSupported", "", "ContractFilter mismatch");

  expect(failure.code).toBe("UNSUPPORTED_OPERATION");
});

test("a fault that says nothing still says what to do", () => {
  const failure = faultFailure(toFault(readXml("<Fault/>")));

  expect(failure).toMatchObject({
    code: "UPSTREAM_REJECTED",
    hint: expect.stringContaining("tracking"),
  });
});
