import { connect } from 'node:net';
import type { Admin, ITopicMetadata } from 'kafkajs';
import kafkajs, { type AclOperationTypes as Operation, type AclResourceTypes as Resource } from 'kafkajs';
import { until } from '../../support/wait.ts';
import { DAEMON_LOGIN } from './kafka-cluster.ts';

// The package names only some of its exports for whoever imports it as a module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } = kafkajs;
const PRINCIPAL = `User:${DAEMON_LOGIN.username}`;

interface Right {
  readonly resourceType: Resource;
  readonly resourceName: string;
  readonly operation: Operation;
}

/** What the daemon may do: all with topics, groups and transactions, and write idempotently. */
const RIGHTS: readonly Right[] = [
  { resourceType: AclResourceTypes.TOPIC, resourceName: '*', operation: AclOperationTypes.ALL },
  { resourceType: AclResourceTypes.GROUP, resourceName: '*', operation: AclOperationTypes.ALL },
  { resourceType: AclResourceTypes.TRANSACTIONAL_ID, resourceName: '*', operation: AclOperationTypes.ALL },
  { resourceType: AclResourceTypes.CLUSTER, resourceName: 'kafka-cluster', operation: AclOperationTypes.ALL },
];

/** Does it again until it works: which broker the client asks, and whether that lives, is chance. */
async function persistently(what: string, act: () => Promise<unknown>): Promise<void> {
  await until(what, async () => {
    await act();
    return true;
  }, 30_000);
}

/** Gives the daemon's account all it needs. */
export async function grantAll(admin: Admin): Promise<void> {
  const acl = RIGHTS.map((right) => ({ ...right, resourcePatternType: ResourcePatternTypes.LITERAL, principal: PRINCIPAL, host: '*', permissionType: AclPermissionTypes.ALLOW }));
  await persistently('the rights are given', () => admin.createAcls({ acl }));
}

/** Takes its rights to topics away. */
export async function revokeTopics(admin: Admin): Promise<void> {
  const filter = {
    resourceType: AclResourceTypes.TOPIC, resourceName: '*', resourcePatternType: ResourcePatternTypes.LITERAL, principal: PRINCIPAL, host: '*',
    operation: AclOperationTypes.ALL, permissionType: AclPermissionTypes.ALLOW,
  };
  await persistently('the rights are taken away', () => admin.deleteAcls({ filters: [filter] }));
}

/** Sets `min.insync.replicas` of topics. */
export async function setMinInsync(admin: Admin, topics: readonly string[], replicas: number): Promise<void> {
  const resources = topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configEntries: [{ name: 'min.insync.replicas', value: String(replicas) }] }));
  await persistently('min.insync.replicas is set', () => admin.alterConfigs({ validateOnly: false, resources }));
}

/** Waits until all partitions have a leader and all three replicas in sync: only then may the next broker fail. */
export async function inSync(admin: Admin, limit = 60_000, replicas = 3): Promise<void> {
  await until('all replicas are in sync', async () => {
    const { topics } = await admin.fetchTopicMetadata();
    return topics.length > 0 && topics.every(({ partitions }) => partitions.every(({ leader, isr }) => leader >= 0 && isr.length >= replicas));
  }, limit);
}

/** Makes another replica the leader of every partition of a topic: the old leader leaves the replicas, and comes back as the last. */
export async function moveLeaders(admin: Admin, topic: string): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  const others = partitions.map(({ partitionId, leader, replicas }) => ({ partition: partitionId, leader, rest: replicas.filter((id) => id !== leader) }));
  await reassign(admin, topic, others.map(({ partition, rest }) => ({ partition, replicas: rest })));
  await reassign(admin, topic, others.map(({ partition, leader, rest }) => ({ partition, replicas: [...rest, leader] })));
}

async function reassign(admin: Admin, topic: string, assignment: { readonly partition: number; readonly replicas: number[] }[]): Promise<void> {
  await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: assignment }] });
  await until(`the replicas of ${topic} are moved`, async () => {
    const [found] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
    return found !== undefined && assignment.every(({ partition, replicas }) => isMoved(found, partition, replicas));
  });
}

function isMoved({ partitions }: ITopicMetadata, partition: number, replicas: readonly number[]): boolean {
  const found = partitions.find(({ partitionId }) => partitionId === partition);
  return found !== undefined && found.replicas.length === replicas.length && found.isr.length === replicas.length && replicas.includes(found.leader);
}

/** The node that leads the controllers now, as a broker at `port` tells. @throws Error where it knows none */
export function controllerOf(port: number): Promise<number> {
  // DescribeQuorum v0: api key 55, version 0, correlation id 1, null client id, no tags; one topic with its partition 0.
  const topic = Buffer.from('__cluster_metadata');
  const body = Buffer.concat([Buffer.from([0, 55, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 2, topic.length + 1]), topic, Buffer.from([2, 0, 0, 0, 0, 0, 0, 0])]);
  const request = Buffer.concat([Buffer.alloc(4), body]);
  request.writeInt32BE(body.length);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let answer = Buffer.alloc(0);
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      // After size, correlation id, tags, error (2), one topic with its name, one partition: index (4), error (2), leader.
      const leader = answer.readInt32BE(4 + 4 + 1 + 2 + 1 + 1 + topic.length + 1 + 4 + 2);
      if (leader > 0) resolve(leader);
      else reject(new Error('no controller leads'));
      socket.destroy();
    });
  });
}
