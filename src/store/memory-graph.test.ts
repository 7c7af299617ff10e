import { graphContract } from "../../test/graph-contract.ts";
import { describeStore, share } from "../../test/open-test-store.ts";

describeStore("The graph in the database", (open) => {
  const store = share(open);

  graphContract(store, () => store().graph);
});
