/**
 * Where things are, in the categories of the original server. Where its table was wrong, here stands what Kledo's own
 * documents say: README.md lists the differences.
 */
export const ENDPOINTS = {
  auth: { login: "/authentication/singleLogin", logout: "/authentication/logout" },
  reports: {
    activityTeam: "/reportings/activity-team",
    profitLoss: "/reportings/profitLoss",
    balanceSheet: "/reportings/balanceSheet",
    cashFlow: "/reportings/cashFlow",
    salesByContact: "/reportings/incomePerCustomer",
    purchaseByContact: "/reportings/purchasesPerVendor",
    agedReceivable: "/reportings/agedReceivable",
    agedPayable: "/reportings/agedPayable",
    trialBalance: "/reportings/trialBalance",
    executiveSummary: "/reportings/executiveSummary",
    bankSummary: "/reportings/bankSummary",
    salesPerPerson: "/reportings/salesPerPerson",
    salesPerProduct: "/reportings/salesPerProduct",
    salesPerPeriod: "/reportings/salesPerPeriod",
    purchasesPerPeriod: "/reportings/purchasesPerPeriod",
    receivablePayable: "/reportings/receivablePayable",
  },
  invoices: { list: "/finance/invoices", totals: "/finance/invoices/totals" },
  purchaseInvoices: {
    list: "/finance/purchaseInvoices",
    totals: "/finance/purchaseInvoices/totals",
  },
  orders: { list: "/finance/orders", totals: "/finance/orders/totals" },
  purchaseOrders: { list: "/finance/purchaseOrders", totals: "/finance/purchaseOrders/totals" },
  quotes: { list: "/finance/quotes" },
  products: { list: "/finance/products", categories: "/finance/productCategories" },
  contacts: { list: "/finance/contacts", groups: "/finance/contactGroups" },
  deliveries: { list: "/finance/deliveries", totals: "/finance/deliveries/totals" },
  purchaseDeliveries: { list: "/finance/purchaseDeliveries" },
  bank: { list: "/banks", balances: "/finance/bank/balances", transactions: "/finance/bankTrans" },
  expenses: { list: "/finance/expenses" },
  accounts: { list: "/finance/accounts" },
  supporting: {
    units: "/finance/units",
    tags: "/finance/tags",
    warehouses: "/finance/warehouses",
  },
} as const;
