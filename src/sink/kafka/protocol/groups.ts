import { request, type Request } from './requests.ts';
import { int32, string, type WireReader } from './wire.ts';
import type { ByteWriter } from '../../../core/byte-writer.ts';

/** One member of a group, as its coordinator knows it. */
export interface Member {
  readonly group: string;
  /** Empty before the coordinator has given one. */
  readonly id: string;
}

/** A member in a generation, which ends when members come or go. */
export interface Seat extends Member {
  readonly generation: number;
}

export interface JoinOptions {
  /** Milliseconds without a heartbeat after which the coordinator takes the member out. */
  readonly sessionMs: number;
  /** Milliseconds for which the coordinator waits until all members have joined again. */
  readonly rebalanceMs: number;
  /** Kind of the group: all members must have the same. */
  readonly type: string;
  readonly protocol: string;
  /** What the others are told of the member. */
  readonly metadata: Buffer;
}

export interface Joined {
  readonly error: number;
  readonly generation: number;
  /** Id of the member that assigns. */
  readonly assigner: string;
  readonly id: string;
  /** Told to the assigner alone. */
  readonly members: readonly { readonly id: string; readonly metadata: Buffer }[];
}

/*
 * JoinGroup v4. Source: Kafka protocol guide, "JoinGroup API (Key: 11)".
 * request:  group STRING, session_timeout INT32, rebalance_timeout INT32, member STRING, protocol_type STRING,
 *           protocols [name STRING, metadata BYTES]
 * response: throttle INT32, error INT16, generation INT32, protocol STRING, leader STRING, member STRING,
 *           members [member STRING, metadata BYTES]
 */
export function joinGroupRequest({ group, id }: Member, options: JoinOptions): Request {
  return request(11, 4, (out) => {
    string(out, group);
    int32(out, options.sessionMs);
    int32(out, options.rebalanceMs);
    string(out, id);
    string(out, options.type);
    int32(out, 1);
    string(out, options.protocol);
    data(out, options.metadata);
  });
}

export function readJoinGroup(answer: WireReader): Joined {
  answer.skip(4);
  const error = answer.int16();
  const generation = answer.int32();
  answer.text();
  const assigner = answer.text() ?? '';
  const id = answer.text() ?? '';
  return { error, generation, assigner, id, members: answer.array(() => ({ id: answer.text() ?? '', metadata: answer.data() ?? Buffer.alloc(0) })) };
}

/*
 * SyncGroup v2. Source: Kafka protocol guide, "SyncGroup API (Key: 14)".
 * request:  group STRING, generation INT32, member STRING, assignments [member STRING, assignment BYTES]
 * response: throttle INT32, error INT16, assignment BYTES
 */
export function syncGroupRequest({ group, generation, id }: Seat, assignments: readonly { readonly id: string; readonly text: Buffer }[]): Request {
  return request(14, 2, (out) => {
    string(out, group);
    int32(out, generation);
    string(out, id);
    int32(out, assignments.length);
    for (const assignment of assignments) {
      string(out, assignment.id);
      data(out, assignment.text);
    }
  });
}

export function readSyncGroup(answer: WireReader): { readonly error: number; readonly assignment: Buffer } {
  answer.skip(4);
  return { error: answer.int16(), assignment: answer.data() ?? Buffer.alloc(0) };
}

/*
 * Heartbeat v2. Source: Kafka protocol guide, "Heartbeat API (Key: 12)".
 * request:  group STRING, generation INT32, member STRING
 * response: throttle INT32, error INT16
 */
export function heartbeatRequest({ group, generation, id }: Seat): Request {
  return request(12, 2, (out) => {
    string(out, group);
    int32(out, generation);
    string(out, id);
  });
}

/*
 * LeaveGroup v2. Source: Kafka protocol guide, "LeaveGroup API (Key: 13)".
 * request:  group STRING, member STRING
 * response: throttle INT32, error INT16
 */
export function leaveGroupRequest({ group, id }: Member): Request {
  return request(13, 2, (out) => {
    string(out, group);
    string(out, id);
  });
}

/** The error of a heartbeat or a good-bye. */
export function readGroupError(answer: WireReader): number {
  answer.skip(4);
  return answer.int16();
}

/** BYTES. */
function data(out: ByteWriter, bytes: Buffer): void {
  int32(out, bytes.length);
  out.raw(bytes);
}
