/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
/** Labels come from names in the code; this bounds what a mistake may cost. */
const MAX_SERIES = 2_000;

type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  readonly count: (name: string, labels?: Labels, by?: number) => void;
  /** How long something took. */
  readonly time: (name: string, ms: number, labels?: Labels) => void;
  /** Read when somebody asks. */
  readonly gauge: (name: string, help: string, read: () => number) => void;
  /** In the text format of Prometheus. */
  readonly text: () => string;
}

interface Timing {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Figures of one server. Names become `mcp_<name>`; counters end with `_total`, times with `_seconds`. */
export function createMetrics(): Metrics {
  const counters = new Map<string, Map<string, number>>();
  const timings = new Map<string, Map<string, Timing>>();
  const gauges = new Map<string, { readonly help: string; readonly read: () => number }>();
  return {
    count(name, labels = {}, by = 1) {
      const series = seriesOf(counters, name);
      const key = written(labels);
      if (series.has(key) || series.size < MAX_SERIES) series.set(key, (series.get(key) ?? 0) + by);
    },
    time(name, ms, labels = {}) {
      const series = seriesOf(timings, name);
      const key = written(labels);
      const timing = series.get(key) ?? { buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
      if (!series.has(key) && series.size < MAX_SERIES) series.set(key, timing);
      note(timing, ms / 1000);
    },
    gauge: (name, help, read) => void gauges.set(name, { help, read }),
    text: () =>
      [
        ...[...counters].flatMap(([name, series]) => counterLines(name, series)),
        ...[...timings].flatMap(([name, series]) => timingLines(name, series)),
        ...[...gauges].flatMap(([name, { help, read }]) => [
          `# HELP mcp_${name} ${help}`,
          `# TYPE mcp_${name} gauge`,
          `mcp_${name} ${read()}`,
        ]),
        "",
      ].join("\n"),
  };
}

function seriesOf<Value>(all: Map<string, Map<string, Value>>, name: string): Map<string, Value> {
  const series = all.get(name) ?? new Map<string, Value>();
  all.set(name, series);
  return series;
}

function note(timing: Timing, seconds: number): void {
  timing.sum += seconds;
  timing.count += 1;
  BUCKETS.forEach((limit, at) => {
    if (seconds <= limit) timing.buckets[at] = (timing.buckets[at] ?? 0) + 1;
  });
}

const written = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const counterLines = (name: string, series: Map<string, number>): readonly string[] => [
  `# TYPE mcp_${name}_total counter`,
  ...[...series].map(([labels, value]) => `mcp_${name}_total{${labels}} ${value}`),
];

const timingLines = (name: string, series: Map<string, Timing>): readonly string[] => [
  `# TYPE mcp_${name}_seconds histogram`,
  ...[...series].flatMap(([labels, { buckets, sum, count }]) => [
    ...BUCKETS.map(
      (limit, at) =>
        `mcp_${name}_seconds_bucket{${joined(labels, `le="${limit}"`)}} ${buckets[at] ?? 0}`,
    ),
    `mcp_${name}_seconds_bucket{${joined(labels, 'le="+Inf"')}} ${count}`,
    `mcp_${name}_seconds_sum{${labels}} ${sum}`,
    `mcp_${name}_seconds_count{${labels}} ${count}`,
  ]),
];

const joined = (...labels: readonly string[]): string => labels.filter(Boolean).join(",");
