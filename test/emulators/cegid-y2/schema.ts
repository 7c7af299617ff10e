/**
 * What the services take, in the order in which they read it: written down from what is known of them, and from nothing
 * in `src/`. "text" is a leaf, `X[]` an array of elements of that name.
 */
import { GOODS, PEOPLE } from "./schema-others.ts";
import type { Shape } from "./shape.ts";

const address: Shape = {
  City: "text",
  ContactNumber: "text",
  CountryId: "text",
  CountryIdType: "text",
  FirstName: "text",
  LastName: "text",
  Line1: "text",
  Line2: "text",
  Line3: "text",
  PhoneNumber: "text",
  Region: "text",
  TitleId: "text",
  ZipCode: "text",
};

const header = {
  Active: "text",
  Comment: "text",
  CurrencyId: "text",
  CustomerId: "text",
  Date: "text",
};

const afterDate = {
  ExternalReference: "text",
  ExternalReferenceDate: "text",
};

const afterReference = {
  FollowedReference: "text",
  InternalReference: "text",
  LinesUnmodifiable: "text",
};

const headerEnd = {
  SalesPersonId: "text",
  StoreId: "text",
  TaxExcluded: "text",
};

const line: Shape = {
  BonId: "text",
  CatalogReference: "text",
  Comment: "text",
  ComplementaryDescription: "text",
  DeliveryDate: "text",
  DiscountTypeId: "text",
  ExternalReference: "text",
  InitialDeliveryDate: "text",
  ItemIdentifier: "ItemIdentifier",
  Label: "text",
  MovementReasonId: "text",
  NetUnitPrice: "text",
  OmniChannel: "OmniChannelLine",
  Origin: "text",
  PackageReference: "text",
  Quantity: "text",
  SalesPersonId: "text",
  SerialNumberId: "text",
  Taxes: "text",
  UnitPrice: "text",
};

const payment: Shape = {
  Amount: "text",
  BonId: "text",
  CreditCard: "text",
  CurrencyId: "text",
  DueDate: "text",
  Id: "text",
  IsReceivedPayment: "text",
  MethodId: "text",
  RegisterOperationForReceivedPayment: "text",
};

/** Fields of one type; several shapes are classes that inherit, whose fields may have the same names. */
export const TYPES: Readonly<Record<string, readonly Shape[]>> = {
  Context: [{ DatabaseId: "text" }],
  Pager: [{ PageIndex: "text", PageSize: "text" }],
  Key: [{ Number: "text", Stump: "text", Type: "text" }],
  Identifier: [{ Key: "Key", Reference: "Reference" }],
  Reference: [{ CustomerId: "text", InternalReference: "text", Type: "text" }],
  ItemIdentifier: [{ Id: "text", Reference: "text" }],
  OmniChannelLine: [{ FollowUpStatus: "text", WarehouseId: "text" }],
  Address: [address],
  OmniChannel: [
    {
      BillingStatus: "text",
      CancelStatus: "text",
      Comment: "text",
      DeliveryStoreId: "text",
      DeliveryType: "text",
      DeliveryWarehouseId: "text",
      FollowUpStatus: "text",
      GiftMessage: "text",
      GiftMessageType: "text",
      PaymentMethodId: "text",
      PaymentStatus: "text",
      ReturnStatus: "text",
      ReturnType: "text",
      ShippingStatus: "text",
      Tracking: "text",
      Transporter: "text",
    },
  ],
  Create_Line: [line],
  CustomersReservationCreate_Line: [line],
  Create_Payment: [payment],
  Update_Payment: [payment],
  Create_Header: [
    {
      ...header,
      Deposit: "text",
      ...afterDate,
      ...afterReference,
      OmniChannel: "OmniChannel",
      Origin: "text",
      ...headerEnd,
      Type: "text",
      WarehouseId: "text",
    },
  ],
  CustomersReservationCreate_Header: [
    {
      ...header,
      Deposit: "text",
      ExpirationDate: "text",
      ...afterDate,
      ...afterReference,
      ...headerEnd,
      WarehouseId: "text",
    },
  ],
  GetHeaderList_Request: [
    {
      Active: "text",
      BeginDate: "text",
      CustomerId: "text",
      DocumentTypes: "SaleDocumentType[]",
      EndDate: "text",
      Pager: "Pager",
      StoreIds: "string[]",
    },
  ],
  GetByKey_Request: [{ Key: "Key" }],
  GetByReference_Request: [{ Reference: "Reference" }],
  GetByExternalReference_Request: [{ ExternalReference: "text", Type: "text" }],
  Create_Request: [
    {
      DeliveryAddress: "Address",
      Header: "Create_Header",
      InvoicingAddress: "Address",
      Lines: "Create_Line[]",
      Payments: "Create_Payment[]",
      ShippingTaxes: "text",
    },
  ],
  CustomersReservationCreate_Request: [
    {
      Header: "CustomersReservationCreate_Header",
      Lines: "CustomersReservationCreate_Line[]",
      Payments: "Create_Payment[]",
    },
  ],
  UpdateHeader_Request: [
    {
      Comment: "text",
      DeliveryAddress: "Address",
      ExternalReference: "text",
      ExternalReferenceDate: "text",
      FollowedReference: "text",
      Identifier: "Identifier",
      InvoicingAddress: "Address",
      LinesUnmodifiable: "text",
      OmniChannel: "OmniChannel",
      SalesPersonId: "text",
    },
  ],
  UpdatePayments_Request: [{ Identifier: "Identifier", Payments: "Update_Payment[]" }],
  Cancel_Request: [{ Identifier: "Identifier", ReasonId: "text" }],
  OnlyIdentifier: [{ Identifier: "Identifier" }],
  ...PEOPLE,
  ...GOODS,
};
