import { describe, expect, it } from 'vitest';
import { Runway } from '../../../src/app/runway.ts';
import { ServerWatch } from '../../../src/app/server-watch.ts';
import { RowcastError } from '../../../src/core/errors.ts';
import type { ServerReport } from '../../../src/mysql/server-probe.ts';
import { PrometheusMetrics } from '../../../src/observe/metrics.ts';

const quiet = (): void => undefined;
const FINE: ServerReport = { problems: [], settings: { binlog_format: 'ROW' }, changed: [], wrong: null, retention: null };

function build(reports: (ServerReport | Error)[]) {
  const metrics = new PrometheusMetrics(false);
  const failed: RowcastError[] = [];
  const runway = new Runway({ debug: quiet, info: quiet, warn: quiet, error: quiet });
  const watch = new ServerWatch({
    report: () => {
      const next = reports.shift() ?? FINE;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    runway,
    lag: () => 30,
    metrics,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    fail: (error) => void failed.push(error),
  });
  const sample = async (line: RegExp): Promise<string[]> => (await metrics.scrape()).text.split('\n').filter((text) => line.test(text));
  return { watch, failed, sample, runway };
}

describe('the watch over the server', () => {
  it('shows nothing before the first look, and then what was found', async () => {
    const problem = { code: 'SOURCE_REFUSED', severity: 'warning', message: 'a', repair: 'b', where: 'h:1' } as const;
    const { watch, sample, failed } = build([{ ...FINE, problems: [problem] }, FINE]);
    expect(watch.status()).toBeNull();
    await watch.look();
    expect(watch.status()).toMatchObject({ problems: [{ severity: 'warning', code: 'SOURCE_REFUSED', message: 'a', repair: 'b' }], settings: { binlog_format: 'ROW' } });
    expect(await sample(/^rowcast_server_problems/)).toEqual(['rowcast_server_problems{severity="warning"} 1', 'rowcast_server_problems{severity="error"} 0']);
    await watch.look();
    expect(await sample(/^rowcast_server_problems/)).toEqual(['rowcast_server_problems{severity="warning"} 0', 'rowcast_server_problems{severity="error"} 0']);
    expect(failed).toEqual([]);
  });

  it('counts changes of settings', async () => {
    const { watch, sample } = build([{ ...FINE, changed: [{ setting: 'binlog_row_image', before: 'FULL', now: 'MINIMAL' }] }]);
    await watch.look();
    expect(await sample(/setting_changes_total\{/)).toEqual(['rowcast_server_setting_changes_total{setting="binlog_row_image"} 1']);
  });

  it('ends the daemon when going on is wrong', async () => {
    const wrong = new RowcastError('SOURCE_REFUSED', 'binlog_format is STATEMENT');
    const { watch, failed } = build([{ ...FINE, wrong }]);
    await watch.look();
    expect(failed).toEqual([wrong]);
  });

  it('notes how long the server keeps the position, and keeps counting while the server cannot be asked', async () => {
    const expiresAt = Date.now() + 5_000_000;
    const { watch, runway } = build([{ ...FINE, retention: { expiresAt, room: null, held: 0, written: 0, kept: 86_400 } }, new Error('away')]);
    expect(runway.told(30, expiresAt)).toEqual({ runway: null, slack: null });
    await watch.look();
    expect(runway.told(30, expiresAt - 1_000_000)).toEqual({ runway: Infinity, slack: 1_000 });
    await watch.look();
    expect(runway.told(null, expiresAt - 500_000)).toEqual({ runway: 500, slack: 500 });
  });

  it('keeps what it saw while the server cannot be asked', async () => {
    const { watch } = build([FINE, new Error('away')]);
    await watch.look();
    const before = watch.status();
    await watch.look();
    expect(watch.status()).toEqual(before);
  });
});
