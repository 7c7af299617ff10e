import Docker from "dockerode";

/** The engine at an address such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375. Nothing is asked of it yet. */
export function openEngine(host: string): Docker {
  const url = new URL(host);
  if (url.protocol === "unix:") return new Docker({ socketPath: url.pathname });
  return new Docker({ host: url.hostname, port: Number(url.port), protocol: "http" });
}
