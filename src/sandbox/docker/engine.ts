import type Docker from "dockerode";

/** The engine at an address such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375, as soon as it is wanted. */
export type Engine = () => Promise<Docker>;

/** Asks nothing of it yet, and loads what speaks to it when it is used for the first time: that takes 35 MB. */
export function openEngine(host: string): Engine {
  let opened: Promise<Docker> | null = null;
  return () => (opened ??= load(host));
}

async function load(host: string): Promise<Docker> {
  const { default: DockerEngine } = await import("dockerode");
  const url = new URL(host);
  if (url.protocol === "unix:") return new DockerEngine({ socketPath: url.pathname });
  return new DockerEngine({ host: url.hostname, port: Number(url.port), protocol: "http" });
}
