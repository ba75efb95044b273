import { Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram, Registry, collectDefaultMetrics } from 'prom-client';
import { RowcastError } from '../core/errors.ts';
import type { Counter, Gauge, Histogram, Labels, Metrics } from '../core/ports.ts';
import type { MetricDefinition } from './metrics-table.ts';
import { METRICS } from './metrics-table.ts';

/** A number that the hot path adds to; read at each scrape. */
class Cell implements Counter, Gauge {
  value = 0;
  readonly labels: Labels;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  add(amount: number): void {
    this.value += amount;
  }

  set(value: number): void {
    this.value = value;
  }
}

/** Metrics in prom-client. Counters and gauges are plain numbers until somebody scrapes, so that adding costs nothing. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #cells = new Map<string, Map<string, Cell>>();
  readonly #histograms = new Map<string, PromHistogram>();
  readonly #beforeScrape: (() => void)[] = [];

  /** `node`: also Node's and the process's own metrics. */
  constructor(node: boolean) {
    for (const definition of METRICS) this.#register(definition);
    if (node) collectDefaultMetrics({ register: this.#registry });
  }

  counter(name: string, labels: Labels = {}): Counter {
    return this.#cell(name, labels);
  }

  gauge(name: string, labels: Labels = {}): Gauge {
    return this.#cell(name, labels);
  }

  histogram(name: string, labels: Labels = {}): Histogram {
    const histogram = this.#histograms.get(name);
    if (histogram === undefined) throw unknown(name);
    const child = histogram.labels(labels);
    return { observe: (value) => child.observe(value) };
  }

  /** `set` is called before each scrape, to fill gauges that nobody sets as they change. */
  beforeScrape(set: () => void): void {
    this.#beforeScrape.push(set);
  }

  /** Forgets every series of a metric, for example before its one label changes. */
  clear(name: string): void {
    this.#cellsOf(name).clear();
  }

  /** The Prometheus text format, and its content type. */
  async scrape(): Promise<{ readonly type: string; readonly text: string }> {
    for (const set of this.#beforeScrape) set();
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #cell(name: string, labels: Labels): Cell {
    const cells = this.#cellsOf(name);
    const key = JSON.stringify(labels);
    const found = cells.get(key);
    if (found !== undefined) return found;
    const cell = new Cell(labels);
    cells.set(key, cell);
    return cell;
  }

  #cellsOf(name: string): Map<string, Cell> {
    const cells = this.#cells.get(name);
    if (cells === undefined) throw unknown(name);
    return cells;
  }

  #register({ name, help, kind, labels, buckets }: MetricDefinition): void {
    const common = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (kind === 'histogram') {
      this.#histograms.set(name, new PromHistogram({ ...common, ...(buckets === undefined ? {} : { buckets: [...buckets] }) }));
      return;
    }
    const cells = new Map<string, Cell>();
    this.#cells.set(name, cells);
    if (kind === 'gauge') new PromGauge({ ...common, collect() { fill(this, cells, (gauge, cell) => gauge.set(cell.labels, cell.value)); } });
    else new PromCounter({ ...common, collect() { fill(this, cells, (counter, cell) => counter.inc(cell.labels, cell.value)); } });
  }
}

function fill<M extends { reset(): void }>(metric: M, cells: ReadonlyMap<string, Cell>, put: (metric: M, cell: Cell) => void): void {
  metric.reset();
  for (const cell of cells.values()) put(metric, cell);
}

function unknown(name: string): RowcastError {
  return new RowcastError('INTERNAL', `there is no metric named ${name}`);
}
