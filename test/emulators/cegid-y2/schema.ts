/**
 * What the services take, in the order in which they read it: written down from what is known of them, and from nothing
 * in `src/`. "text" is a leaf, `X[]` an array of elements of that name.
 */
type Shape = Readonly<Record<string, string>>;

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

const older = { clientContext: "Context" };
const newer = { Context: "Context" };
const item = { itemIdentifier: "ItemIdentifier" };
const only = (name: string) => ({ [name]: "OnlyIdentifier", ...older });

/** The parameters of each method, in order; by service, contract and method. */
export const METHODS: Readonly<Record<string, Shape>> = {
  "SaleDocumentService/ICbrBasicWebServiceInterface/HelloWorld": { text: "text", ...older },
  "SaleDocumentService/ISaleDocumentService/GetHeaderList": {
    searchRequest: "GetHeaderList_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/GetByKey": {
    searchRequest: "GetByKey_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/GetByReference": {
    searchRequest: "GetByReference_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/GetByExternalReference": {
    searchRequest: "GetByExternalReference_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/Create": { createRequest: "Create_Request", ...older },
  "SaleDocumentService/ISaleDocumentService/CustomersReservationCreate": {
    customersReservationCreateRequest: "CustomersReservationCreate_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/UpdateHeader": {
    updateHeaderRequest: "UpdateHeader_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/UpdatePayments": {
    updatePaymentsRequest: "UpdatePayments_Request",
    ...older,
  },
  "SaleDocumentService/ISaleDocumentService/Cancel": { cancelRequest: "Cancel_Request", ...older },
  "SaleDocumentService/ISaleDocumentService/Close": only("closeRequest"),
  "SaleDocumentService/ISaleDocumentService/Lock": { lockRequest: "Cancel_Request", ...older },
  "SaleDocumentService/ISaleDocumentService/Unlock": only("unlockRequest"),
  "CustomerWcfService/ICustomerWcfService/GetCustomerDetail": { customerId: "text", ...older },
  "CustomerWcfService/ICustomerWcfService/GetCustomerIdByReference": {
    customerReference: "text",
    ...older,
  },
  "CustomerWcfService/ICustomerWcfService/SearchCustomerIds": {
    searchData: "CustomerSearchDataType",
    ...older,
  },
  "CustomerWcfService/ICustomerWcfService/AddNewCustomer": {
    customerData: "CustomerInsertData",
    ...older,
  },
  "CustomerWcfService/ICustomerWcfService/UpdateCustomer": {
    customerId: "text",
    modifiedData: "CustomerInputData",
    ...older,
  },
  "ItemInventoryWcfService/IItemInventoryWcfService/GetAvailableQty": {
    itemId: "text",
    ...item,
    storeId: "text",
    warehouseId: "text",
    ...older,
  },
  "ItemInventoryWcfService/IItemInventoryWcfService/GetAvailableCumulativeQtyAllStores": {
    itemId: "text",
    ...item,
    ...older,
  },
  "ItemInventoryWcfService/IItemInventoryWcfService/GetInventoryDetailByStore": {
    itemId: "text",
    ...item,
    ...older,
  },
  "ItemInventoryWcfService/IItemInventoryWcfService/GetListItemInventoryDetailByStore": {
    inventoryStoreItemDetailRequest: "GetListItemInventoryDetailByStore_Request",
    ...older,
  },
  "ItemInventoryWcfService/IItemInventoryWcfService/UpdateShoppingCart": {
    request: "UpdateShoppingCart_Request",
    ...older,
  },
  "ItemInventoryWcfService/IItemInventoryWcfService/ResetShoppingCart": {
    request: "ResetShoppingCart_Request",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/GetCustomerCards": {
    customerCardsRequest: "CustomerCardsRequest",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/GetAvailableLoyaltyPoints": {
    loyaltyCardId: "text",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/GetCustomerAvailableLoyaltyPoints": {
    customerReference: "text",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/UpdatePoints": {
    updatePointsRequest: "UpdatePointsRequest",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/CloseCard": {
    CloseCardRequest: "CloseCardRequest",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/CreateLoyaltyCard": {
    customerReference: "text",
    storeId: "text",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/ReOpenCard": {
    ReOpenCardRequest: "ReOpenCardRequest",
    ...older,
  },
  "LoyaltyWcfService/ILoyaltyWcfService/UpdateProgram": {
    UpdateProgramRequest: "UpdateProgramRequest",
    ...older,
  },
  "ProductMerchandiseItemsService/IMerchandiseItemsWebService/GetListDetail": {
    Request: "MerchandiseItems_Request",
    ...newer,
  },
  "RetailSalesPriceEngine2Service/IEngine2WebService/GetListDetail": {
    Request: "Engine2_Request",
    ...newer,
  },
  "ProductCategoriesService/ICategoriesWebService/GetValues": {
    Request: "Categories_Request",
    ...newer,
  },
  "TransferItemsDeliveryManagementService/IItemsDeliveryManagementWebService/Create": {
    Request: "Transfer_Request",
    ...newer,
  },
};
