import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { cameByProxy } from "./guard.ts";

/** Prometheus' own text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * GET /metrics: figures of the house for Prometheus. Whoever reaches the port may read them, as with /health; but what
 * she costs is not for the world, so that nothing is told through a proxy that stands before a public name.
 */
export const metricsRoutes = (metrics: () => Promise<string>): Hono =>
  new Hono().get("/metrics", async (c) => {
    if (cameByProxy(c))
      throw new HTTPException(403, {
        message: "Figures are not given through a proxy: let Prometheus ask this port directly.",
      });
    return c.body(await metrics(), 200, { "Content-Type": CONTENT_TYPE });
  });
