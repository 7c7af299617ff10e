/** One method of one SOAP service, and what it does to what is cached. */
export interface Operation {
  /** `/Y2/{service}.svc` */
  readonly service: string;
  /** As it stands in SOAPAction. */
  readonly contract: string;
  readonly method: string;
  /** Older services name the folder in `clientContext`, newer ones in `Context`. */
  readonly context: "clientContext" | "Context";
  /** Changes nothing and may be sent again. */
  readonly isRead: boolean;
  /** The reply has no result. */
  readonly isVoid: boolean;
}

type Kind = Pick<Operation, "isRead" | "isVoid">;

const READ: Kind = { isRead: true, isVoid: false };
const WRITE: Kind = { isRead: false, isVoid: false };
const ORDER: Kind = { isRead: false, isVoid: true };

const older = (service: string, contract: string) => (method: string, kind: Kind) =>
  ({ service, contract, method, context: "clientContext", ...kind }) satisfies Operation;
const newer = (service: string, contract: string) => (method: string, kind: Kind) =>
  ({ service, contract, method, context: "Context", ...kind }) satisfies Operation;

const sale = older("SaleDocumentService", "ISaleDocumentService");
const customer = older("CustomerWcfService", "ICustomerWcfService");
const stock = older("ItemInventoryWcfService", "IItemInventoryWcfService");
const loyalty = older("LoyaltyWcfService", "ILoyaltyWcfService");

export const OPERATIONS = {
  hello: older("SaleDocumentService", "ICbrBasicWebServiceInterface")("HelloWorld", READ),

  headerList: sale("GetHeaderList", READ),
  byKey: sale("GetByKey", READ),
  byReference: sale("GetByReference", READ),
  byExternalReference: sale("GetByExternalReference", READ),
  create: sale("Create", WRITE),
  updateHeader: sale("UpdateHeader", ORDER),
  updatePayments: sale("UpdatePayments", ORDER),
  cancel: sale("Cancel", ORDER),
  close: sale("Close", ORDER),
  lock: sale("Lock", ORDER),
  unlock: sale("Unlock", ORDER),
  createReservation: sale("CustomersReservationCreate", WRITE),

  customerDetail: customer("GetCustomerDetail", READ),
  customerByReference: customer("GetCustomerIdByReference", READ),
  searchCustomers: customer("SearchCustomerIds", READ),
  addCustomer: customer("AddNewCustomer", WRITE),
  updateCustomer: customer("UpdateCustomer", WRITE),

  availableQuantity: stock("GetAvailableQty", READ),
  availableInAll: stock("GetAvailableCumulativeQtyAllStores", READ),
  availableByStore: stock("GetInventoryDetailByStore", READ),
  availableList: stock("GetListItemInventoryDetailByStore", READ),
  updateCart: stock("UpdateShoppingCart", ORDER),
  resetCart: stock("ResetShoppingCart", ORDER),

  customerCards: loyalty("GetCustomerCards", READ),
  cardPoints: loyalty("GetAvailableLoyaltyPoints", READ),
  customerPoints: loyalty("GetCustomerAvailableLoyaltyPoints", READ),
  updatePoints: loyalty("UpdatePoints", ORDER),
  createCard: loyalty("CreateLoyaltyCard", WRITE),
  closeCard: loyalty("CloseCard", ORDER),
  reopenCard: loyalty("ReOpenCard", ORDER),
  updateProgram: loyalty("UpdateProgram", ORDER),

  products: newer("ProductMerchandiseItemsService", "IMerchandiseItemsWebService")(
    "GetListDetail",
    READ,
  ),
  prices: newer("RetailSalesPriceEngine2Service", "IEngine2WebService")("GetListDetail", READ),
  categoryValues: newer("ProductCategoriesService", "ICategoriesWebService")("GetValues", READ),
  createTransfer: newer(
    "TransferItemsDeliveryManagementService",
    "IItemsDeliveryManagementWebService",
  )("Create", WRITE),
} as const;
