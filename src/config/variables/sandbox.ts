import {
  anyText,
  hostName,
  cores,
  dockerHost,
  httpUrl,
  oneOf,
  size,
  wholeNumber,
} from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

export const SANDBOX_MODES = ["auto", "local", "remote", "off"] as const;

const MIB = 1_024 * 1_024;
const GIB = 1_024 * MIB;

export const sandboxVariables = {
  SANDBOX_MODE: withDefault(
    "auto",
    "Where code runs: local (Docker here), remote (a clara serve sandbox), off, or auto: remote while it answers, else local",
    oneOf(SANDBOX_MODES),
  ),
  SANDBOX_API_URL: optional("Of clara serve sandbox, for example http://sandbox:8080", httpUrl),
  SANDBOX_API_KEY: secret(
    "What it asks for; the same on both sides. There, several with commas between them",
  ),
  SANDBOX_TIMEOUT: withDefault("60", "Seconds that it may take to answer", wholeNumber(1, 600)),
  DOCKER_HOST: withDefault(
    "unix:///var/run/docker.sock",
    "Where Docker answers, for code that runs here",
    dockerHost,
  ),
  DOCKER_SANDBOX_IMAGE: {
    ...withDefault("python:3.12-slim", "What code runs in: any image with python3", anyText),
    oldName: "SANDBOX_DOCKER_IMAGE",
  },
  DOCKER_SANDBOX_MEMORY: {
    ...withDefault("512m", "Memory of one sandbox, its files among it", size(64 * MIB, 64 * GIB)),
    oldName: "SANDBOX_DOCKER_MEMORY",
  },
  DOCKER_SANDBOX_CPU: {
    ...withDefault("1.0", "Processor cores of one sandbox", cores),
    oldName: "SANDBOX_DOCKER_CPU",
  },
  DOCKER_SANDBOX_TIMEOUT: {
    ...withDefault(
      "900",
      "Seconds after which a sandbox that nobody uses ends; its files stay",
      wholeNumber(10, 86_400),
    ),
    oldName: "SANDBOX_DOCKER_TIMEOUT",
  },
  SANDBOX_MAX_CONTAINERS: withDefault(
    "20",
    "Sandboxes at the same time; then the one that nobody used for longest ends",
    wholeNumber(1, 1_000),
  ),
  CLARA_SANDBOX_WARM: withDefault(
    "1",
    "Sandboxes that have started and wait for somebody: the first answer comes sooner. Each needs about 15 MB",
    wholeNumber(0, 50),
  ),
  CLARA_SANDBOX_QUOTA: withDefault(
    "128m",
    "What one workspace may hold; it counts as the sandbox's memory while it runs",
    size(MIB, 8 * GIB),
  ),
  CLARA_SANDBOX_INDEX: withDefault(
    "https://pypi.org/simple",
    "Where install_package gets packages of Python from, and from nowhere else",
    httpUrl,
  ),
  SANDBOX_API_HOST: withDefault(
    "127.0.0.1",
    "Where clara serve sandbox listens; 0.0.0.0 for other machines, with TLS before it",
    hostName,
  ),
  SANDBOX_API_PORT: withDefault("8080", "Its port", wholeNumber(0, 65_535)),
  SANDBOX_DEFAULT_EXECUTION_TIMEOUT: withDefault(
    "30",
    "Seconds of a run for which nobody said how long, at clara serve sandbox",
    wholeNumber(1, 600),
  ),
  SANDBOX_MAX_EXECUTION_TIMEOUT: withDefault(
    "300",
    "Seconds of any run there",
    wholeNumber(1, 600),
  ),
  SANDBOX_DATA_DIR: optional(
    "Where workspaces are kept. Not set: sandboxes in CLARA_DATA_DIR",
    anyText,
  ),
};
