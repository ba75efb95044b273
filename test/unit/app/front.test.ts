import { describe, expect, it } from 'vitest';
import { Ending } from '../../../src/app/ending.ts';
import { Front } from '../../../src/app/front.ts';
import type { View } from '../../../src/app/front.ts';
import { Waiting } from '../../../src/app/waiting.ts';
import { parseConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/compile.ts';
import { RowcastError } from '../../../src/core/errors.ts';

const problem = { code: 'SINK_REFUSED', severity: 'error', message: 'topic t does not exist', repair: 'Make it.' } as const;

function config(more = ''): Config {
  const { config: read } = parseConfig(`name: shop\nsource: { user: u }\nroutes: [{ tables: ["a.*"] }]\n${more}`, { path: 'x.yaml', env: {}, readFile: () => '' });
  if (read === null) throw new Error('no configuration');
  return read;
}

async function lines(front: Front): Promise<string[]> {
  return (await front.pages().metrics()).text.split('\n').filter((line) => /^rowcast_(leader|ready|state|lag_seconds|position_info)\b/.test(line));
}

describe('what is shown while a daemon starts', () => {
  it('says what it waits for, and why that takes long', () => {
    const waiting = new Waiting();
    const front = new Front(config(), waiting);
    const pages = front.pages();
    expect(pages.readiness()).toEqual({ ready: false, reason: 'starting', detail: 'the daemon starts' });
    waiting.starting('it waits for the checkpoint in table a.b');
    waiting.trouble(new RowcastError('CHECKPOINT_LOST', 'connection refused'));
    expect(pages.readiness()).toEqual({ ready: false, reason: 'starting', detail: 'it waits for the checkpoint in table a.b: connection refused' });
    expect(pages.status()).toMatchObject({ name: 'shop', state: 'starting', ready: false, delivery: { mode: 'at-least-once' }, leadership: { standby: false, leads: false, leader: null }, error: { code: 'CHECKPOINT_LOST' }, position: null });
    waiting.trouble(new RowcastError('SINK_LOST', 'no coordinator', { hint: 'Start more brokers.' }));
    expect(pages.readiness().detail).toBe('it waits for the checkpoint in table a.b: no coordinator. Start more brokers.');
    waiting.starting('it waits for something else');
    expect(pages.status()).toMatchObject({ error: null });
  });

  it('has the metrics of a daemon that does not read', async () => {
    const text = await lines(new Front(config(), new Waiting()));
    expect(text).toContain('rowcast_ready 0');
    expect(text).toContain('rowcast_leader 0');
    expect(text).toContain('rowcast_state{state="starting"} 1');
    expect(text).toContain('rowcast_state{state="standby"} 0');
    expect(text).toContain('rowcast_lag_seconds Nan');
  });
});

describe('what is shown of one that stands by', () => {
  const standing = (): Waiting => {
    const waiting = new Waiting();
    waiting.standby();
    waiting.leader('db-2:77');
    return waiting;
  };

  it('is ready once a look has found nothing wrong, and not before', async () => {
    const waiting = standing();
    expect(waiting.readiness()).toMatchObject({ ready: false, reason: 'standby-unfit' });
    waiting.found([{ ...problem, severity: 'warning' }]);
    expect(waiting.readiness()).toEqual({ ready: true, reason: 'standby', detail: 'db-2:77 leads' });
    expect(waiting.status()).toMatchObject({ state: 'standby', ready: true, problems: [{ severity: 'warning', code: 'SINK_REFUSED' }] });
    const text = await lines(new Front(config(), waiting));
    expect(text).toEqual(expect.arrayContaining(['rowcast_ready 1', 'rowcast_state{state="standby"} 1', 'rowcast_leader 0']));
  });

  it('is not ready where it could not take over, or nobody tells who leads', () => {
    const waiting = standing();
    waiting.found([problem]);
    expect(waiting.readiness()).toEqual({ ready: false, reason: 'standby-unfit', detail: 'it could not take over: topic t does not exist' });
    waiting.found([]);
    waiting.unasked(new RowcastError('SINK_LOST', 'no broker'));
    expect(waiting.readiness()).toEqual({ ready: false, reason: 'standby-unfit', detail: 'no broker' });
    expect(waiting.status()).toMatchObject({ error: { code: 'SINK_LOST' } });
    waiting.unasked(null);
    waiting.leader(null);
    expect(waiting.readiness()).toEqual({ ready: true, reason: 'standby', detail: 'nobody leads yet' });
  });

  it('shows what its turn waits for once it has one, whatever the election says meanwhile', () => {
    const waiting = standing();
    waiting.starting('it waits for the checkpoint in topic t');
    waiting.trouble(new RowcastError('SINK_LOST', 'no leader'));
    waiting.unasked(null);
    waiting.leader('me:1');
    expect(waiting.status()).toMatchObject({ state: 'starting', reason: 'starting', detail: 'it waits for the checkpoint in topic t: no leader', error: { code: 'SINK_LOST' } });
  });
});

describe('views that follow each other', () => {
  it('are shown under one roof, with one set of counters', async () => {
    const waiting = new Waiting();
    const front = new Front(config('sink: { type: kafka, brokers: "k:9092", delivery: exactly-once }\nstandby: true\n'), waiting);
    const pages = front.pages();
    const view: View = {
      readiness: () => ({ ready: true, reason: 'streaming', detail: 'rows flow' }),
      status: () => ({ state: 'streaming', ready: true, position: { read: 'x' } }),
      measure: (metrics) => { metrics.gauge('rowcast_ready').set(1); },
    };
    front.metrics.counter('rowcast_reconnects_total').add(3);
    front.leadership.leads = true;
    front.leadership.leader = 'me:1';
    front.show(view);
    expect([pages.readiness().reason, pages.status()]).toMatchObject(['streaming', { state: 'streaming', leadership: { standby: true, leads: true, leader: 'me:1' }, delivery: { mode: 'exactly-once' } }]);
    expect(await lines(front)).toContain('rowcast_leader 1');
    front.leadership.leads = false;
    front.show(waiting);
    expect(pages.readiness().reason).toBe('starting');
    expect((await pages.metrics()).text).toContain('rowcast_reconnects_total 3');
  });
});

describe('what ends a process', () => {
  it('is a request, or the first error', () => {
    const asked = new Ending();
    expect(asked.signal.aborted).toBe(false);
    asked.stop();
    asked.fail(new RowcastError('INTERNAL', 'too late'));
    expect([asked.signal.aborted, asked.error]).toEqual([true, null]);
    expect(() => { asked.check(); }).not.toThrow();
    const failed = new Ending();
    failed.fail(new RowcastError('CHECKPOINT_LOCKED', 'first'));
    failed.fail(new RowcastError('INTERNAL', 'second'));
    expect(() => { failed.check(); }).toThrow('first');
    expect(failed.signal.aborted).toBe(true);
  });
});
