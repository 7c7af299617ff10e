import { writeFileSync } from "node:fs";
import { toConfigurationPage, toEnvExample } from "../src/config/document.ts";

const root = new URL("../", import.meta.url);
writeFileSync(new URL(".env.example", root), toEnvExample());
writeFileSync(new URL("docs/CONFIGURATION.md", root), toConfigurationPage());
