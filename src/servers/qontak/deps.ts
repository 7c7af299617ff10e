import type { QontakApi } from "./api/client.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Templates } from "./templates/templates.ts";

/** What the tools of this server are made of. */
export interface QontakDeps {
  readonly api: QontakApi;
  readonly templates: Templates;
  readonly pipelines: Pipelines;
}
