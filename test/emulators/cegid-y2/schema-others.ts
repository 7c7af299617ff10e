import type { Shape } from "./shape.ts";

/** Base first, then what inherits from it. */
const customerBase: Shape = {
  ActivitySectorCode: "text",
  AddressData: "AddressDataType",
  AlternateFirstName: "text",
  AlternateLastName: "text",
  BusinessAreaCode: "text",
  EmailData: "EmailDataType",
  FirstName: "text",
  IsCompany: "text",
  LastModificationDate: "text",
  LastName: "text",
  OriginCode: "text",
  PhoneData: "PhoneDataType",
  PriceListCode: "text",
  SalesPersonId: "text",
  TitleId: "text",
  UsualStoreId: "text",
};

const customer: Shape = {
  ActivityCode: "text",
  Barcode: "text",
  BirthDateData: "BirthDateDataType",
  CurrencyId: "text",
  DirectMail: "text",
  LanguageId: "text",
  LongDescription: "text",
  Sex: "text",
};

const customerInput: Shape = {
  Closed: "text",
  InvoiceCustomerId: "text",
  IsProspect: "text",
  Notepad: "text",
};

/** Types of customers. */
export const PEOPLE: Readonly<Record<string, readonly Shape[]>> = {
  AddressDataType: [
    {
      AddressLine1: "text",
      AddressLine2: "text",
      AddressLine3: "text",
      BrandName: "text",
      City: "text",
      CountryId: "text",
      CountryIdType: "text",
      Nata: "text",
      RegionId: "text",
      ZipCode: "text",
    },
  ],
  EmailDataType: [
    {
      AlternativeEmail: "text",
      Email: "text",
      EmailingAccepted: "text",
      SendReceiptByMail: "text",
    },
  ],
  PhoneDataType: [
    {
      AlternativePhoneNumber: "text",
      CellularPhoneNumber: "text",
      HomePhoneNumber: "text",
      OfficePhoneNumber: "text",
    },
  ],
  BirthDateDataType: [{ BirthDateDay: "text", BirthDateMonth: "text", BirthDateYear: "text" }],
  CustomerSearchDataType: [
    customerBase,
    {
      ActivityCode: "text",
      Barcode: "text",
      BirthDateData: "BirthDateDataType",
      Closed: "text",
      CreationStoreId: "text",
      CustomerId: "text",
      CustomerReference: "text",
      IsCustomer: "text",
      IsProspect: "text",
      MaxNumberOfCustomers: "text",
    },
  ],
  CustomerInputData: [customerBase, customer, customerInput],
  CustomerInsertData: [
    customerBase,
    customer,
    customerInput,
    { CustomerGuid: "text", CustomerId: "text" },
  ],
};

/** Types of stock, loyalty, products and transfers. */
export const GOODS: Readonly<Record<string, readonly Shape[]>> = {
  GetListItemInventoryDetailByStore_Request: [
    {
      AllAvailableWarehouse: "text",
      DetailSku: "text",
      ItemIdentifiers: "ItemIdentifier[]",
      OnlyAvailableStock: "text",
      Pager: "Pager",
      StoreIds: "string[]",
      WithStoreName: "text",
    },
  ],
  UpdateShoppingCart_Request: [
    { ItemIdentifier: "ItemIdentifier", Quantity: "text", WarehouseId: "text" },
  ],
  ResetShoppingCart_Request: [{ ItemIdentifier: "ItemIdentifier", WarehouseId: "text" }],
  CustomerCardsRequest: [
    { ActiveCards: "text", CustomerId: "text", CustomerReference: "text", StoreId: "text" },
  ],
  UpdatePointsRequest: [
    {
      Comment: "text",
      Date: "text",
      LineType: "text",
      LoyaltyCardId: "text",
      Points: "text",
      ProgramId: "text",
      ReasonId: "text",
      StoreId: "text",
    },
  ],
  CloseCardRequest: [{ Comment: "text", LoyaltyCardId: "text", Reason: "text" }],
  ReOpenCardRequest: [
    { Comment: "text", LoyaltyCardId: "text", Reason: "text", ValidityPeriod: "ValidityPeriod" },
  ],
  ValidityPeriod: [{ End: "text", Start: "text" }],
  UpdateProgramRequest: [{ LoyaltyCardId: "text", ProgramId: "text" }],
  MerchandiseItems_Request: [{ Barcodes: "string[]", Fields: "FieldsType[]", Paging: "Pager" }],
  Engine2_Request: [{ Barcodes: "string[]", Date: "text", StoreId: "text", TaxExcluded: "text" }],
  Categories_Request: [{ CategoryId: "text", Paging: "Pager" }],
  Transfer_Request: [{ Header: "Transfer_Header", Lines: "Line[]" }],
  Transfer_Header: [
    {
      CurrencyId: "text",
      Date: "text",
      DocumentTypeToCreate: "text",
      ExternalReference: "text",
      InternalReference: "text",
      Recipient: "Transfer_Place",
      Sender: "Transfer_Place",
    },
  ],
  Transfer_Place: [{ StoreId: "text", WarehouseId: "text" }],
  Line: [
    {
      ItemIdentifier: "ItemIdentifier",
      Quantity: "text",
      SenderWarehouseId: "text",
      SerialNumberId: "text",
      UnitPriceBase: "text",
    },
  ],
};
