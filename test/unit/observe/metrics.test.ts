import { describe, expect, it } from 'vitest';
import { METRICS, metricsMarkdown } from '../../../src/observe/metrics-table.ts';
import { PrometheusMetrics } from '../../../src/observe/metrics.ts';

async function lines(metrics: PrometheusMetrics, name: string): Promise<string[]> {
  const { text } = await metrics.scrape();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('PrometheusMetrics', () => {
  it('adds to counters by label, and shows them when scraped', async () => {
    const metrics = new PrometheusMetrics(false);
    const one = metrics.counter('rowcast_messages_sent_total', { topic: 'a' });
    one.add(2);
    metrics.counter('rowcast_messages_sent_total', { topic: 'a' }).add(3);
    metrics.counter('rowcast_messages_sent_total', { topic: 'b' }).add(1);
    const expected = ['rowcast_messages_sent_total{topic="a"} 5', 'rowcast_messages_sent_total{topic="b"} 1'];
    expect(await lines(metrics, 'rowcast_messages_sent_total')).toEqual(expected);
    expect(await lines(metrics, 'rowcast_messages_sent_total')).toEqual(expected);
  });

  it('sets gauges, asks for those that nobody sets, and forgets a series', async () => {
    const metrics = new PrometheusMetrics(false);
    metrics.beforeScrape(() => {
      metrics.clear('rowcast_position_info');
      metrics.gauge('rowcast_position_info', { position: 'b' }).set(1);
    });
    metrics.gauge('rowcast_position_info', { position: 'a' }).set(1);
    metrics.gauge('rowcast_lag_seconds').set(1.5);
    expect(await lines(metrics, 'rowcast_lag_seconds')).toEqual(['rowcast_lag_seconds 1.5']);
    expect(await lines(metrics, 'rowcast_position_info')).toEqual(['rowcast_position_info{position="b"} 1']);
  });

  it('sorts into the buckets of a histogram', async () => {
    const metrics = new PrometheusMetrics(false);
    metrics.histogram('rowcast_send_seconds').observe(0.02);
    expect(await lines(metrics, 'rowcast_send_seconds_bucket{le="0.01"}')).toEqual(['rowcast_send_seconds_bucket{le="0.01"} 0']);
    expect(await lines(metrics, 'rowcast_send_seconds_bucket{le="0.025"}')).toEqual(['rowcast_send_seconds_bucket{le="0.025"} 1']);
  });

  it('refuses a metric that the table does not have', () => {
    expect(() => new PrometheusMetrics(false).counter('rowcast_rows')).toThrow('there is no metric named rowcast_rows');
  });

  it('adds the metrics of Node and the process when asked', async () => {
    expect(await lines(new PrometheusMetrics(true), 'process_resident_memory_bytes')).toHaveLength(1);
    expect(await lines(new PrometheusMetrics(false), 'process_resident_memory_bytes')).toEqual([]);
  });
});

describe('the table of metrics', () => {
  it('follows the naming conventions', () => {
    for (const { name, kind } of METRICS) {
      expect(name).toMatch(/^rowcast_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    }
    expect(new Set(METRICS.map((metric) => metric.name)).size).toBe(METRICS.length);
  });

  it('becomes a page with a line a metric', () => {
    const page = metricsMarkdown();
    for (const { name } of METRICS) expect(page).toContain(`| \`${name}\` |`);
  });
});
