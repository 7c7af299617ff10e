/** The front door of the room. */
export { createModels, type ModelsDeps } from "./models.ts";
export { loadPrices } from "./prices.ts";
export { sleep } from "./sleep.ts";
export { createSwitchingModels, type SwitchingModels } from "./switching.ts";
export { createTierChooser } from "./tier-chooser.ts";
export { parseTierPrefix } from "./tier-prefix.ts";
