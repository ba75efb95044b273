import { beforeEach, describe, expect, it } from 'vitest';
import { LastSeen, viewOf } from '../../../src/app/observation.ts';
import { Runway } from '../../../src/app/runway.ts';
import { PrometheusMetrics } from '../../../src/observe/metrics.ts';
import { ByteGate } from '../../../src/runtime/byte-gate.ts';
import { Health } from '../../../src/runtime/health.ts';
import { StateMachine } from '../../../src/runtime/state.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let leads = true;
let state: StateMachine;
let view: ReturnType<typeof viewOf>;

beforeEach(() => {
  leads = true;
  state = new StateMachine();
  const health = new Health(state, { monotonicMs: () => performance.now(), nowMicros: () => Date.now() * 1_000 }, 10_000);
  const observed = { state, health, gate: new ByteGate(1_000, { shut: () => undefined, opened: () => undefined }), leads: () => leads, readTo: () => null, unreadable: () => [], quarantined: new Map<string, number>(), runway: new Runway(quiet) };
  view = viewOf(observed, new LastSeen(), { status: () => null });
});

async function readyGauge(): Promise<string | undefined> {
  const metrics = new PrometheusMetrics(false);
  view.measure(metrics);
  return /^rowcast_ready (\d)$/m.exec((await metrics.scrape()).text)?.[1];
}

describe('a daemon that streams', () => {
  beforeEach(() => { state.to('streaming'); });

  it('is ready while it leads', async () => {
    expect([view.readiness().ready, view.status().ready, await readyGauge()]).toEqual([true, true, '1']);
  });

  it('is not, where nobody confirms that it leads: on every page, and again once somebody does', async () => {
    leads = false;
    expect(view.readiness()).toMatchObject({ ready: false, reason: 'leadership-unconfirmed' });
    expect([view.status()['reason'], await readyGauge()]).toEqual(['leadership-unconfirmed', '0']);
    leads = true;
    expect(view.readiness()).toMatchObject({ ready: true, reason: 'streaming' });
  });
});

it('that does not stream tells why, and nothing of leadership', () => {
  leads = false;
  expect(view.readiness()).toMatchObject({ ready: false, reason: 'starting' });
});
