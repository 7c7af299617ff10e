import type { Shape } from "./shape.ts";

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
