import { describe, expect, it } from 'vitest';
import { RetentionWatch } from '../../../src/mysql/retention.ts';
import type { RetentionQuestions } from '../../../src/mysql/retention.ts';
import type { SavedPoint } from '../../../src/mysql/stream/points.ts';
import { serverFacts } from '../../../src/mysql/stream/server-facts.ts';

const facts = (variables: Record<string, string>) => serverFacts(new Map(Object.entries({ version: '9.7.0', server_uuid: 'here', ...variables })));
const WEEK = facts({ binlog_expire_logs_seconds: '604800' });
const at = (file: string, changes: Partial<SavedPoint> = {}): SavedPoint => ({ server: 'here', file, position: 4, gtids: null, created: null, anonymous: false, ...changes });

/** A server at second 1,000,000, whose clock is not ours; file b.N was begun at second N * 1000. */
function server(files: Record<string, number>) {
  const asked: string[] = [];
  const questions: RetentionQuestions = {
    clock: () => Promise.resolve(1_000_000),
    files: () => Promise.resolve(Object.entries(files).map(([name, size]) => ({ name, size }))),
    created: (file) => {
      asked.push(file);
      return Promise.resolve(Number(file.slice(2)) * 1000);
    },
  };
  return { asked, questions, files };
}

/** Seconds from now on. */
function left(expiresAt: number | null | undefined): number {
  return Math.round(((expiresAt ?? 0) - Date.now()) / 1000);
}

describe('how long the server keeps a position', () => {
  it('is the time after the next file was begun, by the clock of the server, which is asked for once', async () => {
    const watch = new RetentionWatch();
    const { questions, asked } = server({ 'b.900': 10, 'b.950': 20, 'b.990': 5 });
    for (let look = 0; look < 3; look++) {
      const seen = await watch.look(at('b.900'), WEEK, questions);
      expect([left(seen?.expiresAt), seen?.held, seen?.room, seen?.kept]).toEqual([604_800 - 50_000, 35, null, 604_800]);
    }
    expect(asked).toEqual(['b.950']);
  });

  it('is at least the whole time for the file that is written to', async () => {
    const seen = await new RetentionWatch().look(at('b.990'), WEEK, server({ 'b.950': 20, 'b.990': 5 }).questions);
    expect(left(seen?.expiresAt)).toBe(604_800);
  });

  it('is over for a file that is gone, and never where all is kept', async () => {
    const { questions } = server({ 'b.950': 20 });
    expect(await new RetentionWatch().look(at('b.900'), WEEK, questions)).toMatchObject({ expiresAt: 0, held: 0 });
    expect(await new RetentionWatch().look(at('b.950'), facts({}), questions)).toMatchObject({ expiresAt: null, room: null, held: 20, kept: null });
  });

  it('counts the file where the oldest open XA transaction was prepared', async () => {
    const prepared = { xid: 'x', gtid: null, position: 4, before: null, empty: false };
    const open = [{ ...prepared, server: 'elsewhere', file: 'b.900' }, { ...prepared, server: 'here', file: 'b.920' }];
    const seen = await new RetentionWatch().look(at('b.990', { prepared: open }), WEEK, server({ 'b.900': 1, 'b.920': 2, 'b.950': 4, 'b.990': 8 }).questions);
    expect([left(seen?.expiresAt), seen?.held]).toEqual([604_800 - 50_000, 14]);
  });

  it('is not known of another server, nor by GTIDs alone', async () => {
    const { questions } = server({ 'b.990': 5 });
    expect(await new RetentionWatch().look(at('b.990', { server: 'elsewhere' }), WEEK, questions)).toBeNull();
    expect(await new RetentionWatch().look(at(''), WEEK, questions)).toBeNull();
  });

  it('tells what room the size of all files leaves, and counts what is written, over new files and purged ones', async () => {
    const limited = facts({ max_binlog_total_size: '100' });
    const watch = new RetentionWatch();
    const { questions, files } = server({ 'b.1': 40, 'b.2': 30 });
    expect(await watch.look(at('b.1'), limited, questions)).toMatchObject({ room: 30, held: 70, written: 0 });
    files['b.2'] = 50;
    files['b.3'] = 7;
    expect(await watch.look(at('b.2'), limited, questions)).toMatchObject({ room: 43, held: 57, written: 27 });
    delete files['b.1'];
    delete files['b.2'];
    files['b.3'] = 200;
    expect(await watch.look(at('b.3'), limited, questions)).toMatchObject({ room: 0, held: 200, written: 220 });
    expect(await watch.look(at('b.2'), limited, questions)).toMatchObject({ expiresAt: 0, room: 0 });
    delete files['b.3'];
    files['c.1'] = 5;
    expect(await watch.look(at('c.1'), limited, questions)).toMatchObject({ written: 220 });
  });
});
