import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cluster } from '../../../../src/sink/kafka/cluster.ts';
import { until } from '../../../support/wait.ts';
import { startFakeBroker, type FakeBroker } from './support/fake-broker.ts';
import { sinkOptions } from './support/sink.ts';

const NODES = [1, 2, 3];
let brokers: FakeBroker[];
let cluster: Cluster;

beforeEach(async () => {
  brokers = await Promise.all(NODES.map(() => startFakeBroker()));
  const nodes = new Map(NODES.map((node, index) => [node, brokers[index]?.port ?? 0]));
  for (const broker of brokers) broker.nodes = nodes;
  const ignore = (): void => undefined;
  cluster = new Cluster(sinkOptions(0, { brokers: [...nodes.values()].map((port) => `127.0.0.1:${String(port)}`), requestTimeoutMs: 400 }), { debug: ignore, info: ignore, warn: ignore, error: ignore });
  await cluster.metadata(['t']);
  for (const node of NODES) await cluster.node(node)?.open();
});
afterEach(async () => {
  cluster.close();
  await Promise.all(brokers.map((broker) => broker.close()));
});

/** Questions that nobody answered. */
const swallowed = (): number => brokers.reduce((sum, broker) => sum + broker.swallowed, 0);

describe('lines to brokers that died without a word', () => {
  it('are given up together, so that one question waits in vain and not one for each', async () => {
    for (const broker of brokers) broker.silence();
    expect((await cluster.metadata(['t'])).topics[0]?.name).toBe('t');
    expect(swallowed()).toBe(1);
    for (let more = 0; more < 10; more++) await cluster.metadata(['t']);
    expect(swallowed()).toBe(1);
  });

  it('are not asked while something waits on them in vain, as long as others can be', async () => {
    brokers[0]?.silence();
    // The metadata of one topic asked on the first line, which is dead.
    const waits = cluster.metadata(['t']);
    await until('the question is on its way', () => swallowed() === 1);
    await until('its line is found silent', () => cluster.node(1)?.silent === true);
    expect((await cluster.metadata(['u'])).topics[0]?.name).toBe('u');
    expect(swallowed()).toBe(1);
    expect((await waits).topics[0]?.name).toBe('t');
  });
});
