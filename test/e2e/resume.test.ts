import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { place, readyDaemon, startDaemon } from '../support/daemon.ts';
import type { DaemonConfig, Place } from '../support/daemon.ts';
import { readTopic } from '../support/kafka.ts';
import { freshDatabase, unique } from '../support/mysql.ts';
import { until } from '../support/wait.ts';
import { folded, KeyedWriter, repeats, toldByKey } from './keyed-writer.ts';

const mysql = inject('mysql');
const kafka = inject('kafka');

let home: Place;
let database: string;
let topic: string;
let writer: KeyedWriter;
let config: DaemonConfig;

beforeEach(async () => {
  home = await place('resume');
  database = await freshDatabase(mysql, 'resume');
  topic = unique('resume');
  writer = new KeyedWriter(mysql, database);
  config = home.config(mysql, {
    sink: { type: 'kafka', brokers: [`${kafka.host}:${String(kafka.port)}`], topics: { partitions: 3 } },
    format: 'plain',
    routes: [{ tables: [`${database}.t`], topic }],
  });
});

afterEach(async () => {
  await writer.stop();
  await home.remove();
});

/** Every row told, per key in order and without a gap; the answer is how often any key's messages went back. */
async function repeatsPerKey(): Promise<number[]> {
  const told = toldByKey(await readTopic(kafka, topic));
  expect(folded(told)).toEqual(await writer.rows());
  expect(new Set(told.keys())).toEqual(new Set(writer.expected.keys()));
  return [...writer.expected].map(([key, events]) => repeats(events, told.get(key) ?? []));
}

describe('a daemon that is started again', () => {
  it('goes on after SIGTERM where it was: nothing lost and nothing twice (Invariant 9)', async () => {
    const exits: number[] = [];
    let daemon = await readyDaemon(home, config);
    await writer.start();
    for (let stops = 0; stops < 3; stops++) {
      await daemon.while(writer.more(400));
      exits.push(await daemon.stop());
      expect(daemon.lines().at(-1)).toMatchObject({ level: 'info', msg: 'rowcast has stopped', saved: home.saved() });
      await writer.more(100);
      daemon = await readyDaemon(home, config);
    }
    await writer.stop();
    await daemon.while(delivered());
    exits.push(await daemon.stop());
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(await repeatsPerKey()).toEqual([...writer.expected].map(() => 0));
  });

  it('loses nothing under kill -9 at any instant, and keeps the order of each key (Invariants 3 and 9)', async () => {
    const kills = 8;
    await (await readyDaemon(home, config)).kill();
    await writer.start();
    for (let kill = 1; kill < kills; kill++) {
      const daemon = await startDaemon(home, config);
      // Now right after it began, now in the middle of its work.
      await daemon.while(until('it streams', () => daemon.said('streaming').length > 0));
      await daemon.while(writer.more((kill % 4) * 150));
      await daemon.kill();
    }
    const last = await readyDaemon(home, config);
    await last.while(writer.more(300));
    await writer.stop();
    await last.while(delivered());
    expect(await last.stop()).toBe(0);
    const back = await repeatsPerKey();
    expect(Math.max(...back)).toBeLessThanOrEqual(kills);
  });
});

/** Waits until the last change of every key is in the topic. */
async function delivered(): Promise<void> {
  await until('everything is in the topic', async () => {
    const told = toldByKey(await readTopic(kafka, topic));
    return [...writer.expected].every(([key, events]) => told.get(key)?.at(-1) === events.at(-1));
  });
}
