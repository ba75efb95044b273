import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/wait.ts';
import { TABLES } from '../rows.ts';
import { controllerOf, grantAll, inSync, moveLeaders, revokeTopics, setMinInsync } from '../stage/kafka-admin.ts';
import { bringBack, type Node } from '../stage/kafka-cluster.ts';
import { caughtUp, NAME, type Stage } from '../stage/stage.ts';
import { lasts, type Fault } from './fault.ts';

/** The brokers and what they allow. */
export const KAFKA_FAULTS: readonly Fault[] = [
  {
    name: 'a broker killed and back',
    row: 'kafka',
    inflict: async (stage, random) => down(stage, [random.of(stage.kafka.nodes)], () => lasts(random)),
  },
  {
    name: 'the controller killed and back',
    row: 'kafka',
    inflict: async (stage, random) => {
      const id = await until('a controller leads', () => controllerOf(stage.kafka.nodes[0].server.port));
      await down(stage, stage.kafka.nodes.filter((node) => node.id === id), () => lasts(random));
    },
  },
  {
    name: 'a broker and the daemon killed, and both back',
    row: 'kafka',
    readyMs: 10_000,
    inflict: async (stage, random) => {
      await Promise.all([stage.supervisor.kill(), down(stage, [random.of(stage.kafka.nodes)], () => lasts(random))]);
    },
  },
  {
    name: 'all brokers down for a minute',
    row: 'kafka',
    weight: 1,
    inflict: (stage) => down(stage, stage.kafka.nodes, () => sleep(stage.minute)),
  },
  {
    name: 'leaders moved',
    row: 'kafka',
    inflict: async ({ kafka }, random) => {
      await moveLeaders(kafka.admin, `${NAME}.${random.of(TABLES)}`);
      await inSync(kafka.admin);
    },
  },
  {
    name: 'the disk of one broker full',
    row: 'kafka',
    weight: 2,
    unfit: ({ disks }) => (typeof disks === 'string' ? disks : null),
    inflict: async (stage) => {
      const [, , node] = stage.kafka.nodes;
      if (typeof stage.disks === 'string') return;
      const { broker } = stage.disks;
      broker.again(`size=${String(Math.ceil(broker.used() / 4096) * 4096)}`);
      try {
        await until('the broker gives its disk up', () => !existsSync(`/proc/${String(node.server.pid)}`), 20_000);
      } finally {
        broker.again('size=4g');
      }
      await bringBack(node);
      await inSync(stage.kafka.admin);
    },
  },
  {
    name: 'a topic deleted',
    row: 'kafka',
    weight: 2,
    inflict: async (stage) => {
      const { kafka, writer, checker } = stage;
      await writer.still(async () => {
        await caughtUp(stage);
        await sleep(200);
        await kafka.admin.deleteTopics({ topics: [`${NAME}.scrap`] });
        // What was in it is lost by whoever deleted it; what comes from now on may not be.
        checker.forget('scrap');
      });
      // The daemon makes it again when it has a row for it.
      await until('the topic is there again', async () => (await kafka.admin.listTopics()).includes(`${NAME}.scrap`), 30_000);
      await inSync(kafka.admin);
    },
  },
  {
    name: 'min.insync.replicas not met',
    row: 'kafka',
    inflict: async (stage, random) => {
      const { admin, nodes } = stage.kafka;
      const topics = TABLES.map((table) => `${NAME}.${table}`);
      await setMinInsync(admin, topics, 3);
      const node = random.of(nodes);
      await node.server.kill();
      try {
        await lasts(random);
      } finally {
        await setMinInsync(admin, topics, 2);
        await bringBack(node);
      }
      await inSync(admin);
    },
  },
  {
    name: 'the ACL of its topics taken away',
    row: 'kafka',
    weight: 2,
    inflict: async ({ kafka, supervisor }) => {
      supervisor.allow(['SINK_AUTH']);
      await revokeTopics(kafka.admin);
      try {
        await supervisor.ended();
      } finally {
        await grantAll(kafka.admin);
      }
      supervisor.resume();
    },
  },
];

/** Kills nodes, waits, and brings them back until all replicas are in sync. */
async function down({ kafka }: Stage, nodes: readonly Node[], lasting: () => Promise<unknown>): Promise<void> {
  await Promise.all(nodes.map(({ server }) => server.kill()));
  try {
    await lasting();
  } finally {
    await Promise.all(nodes.map(bringBack));
  }
  await inSync(kafka.admin);
}
