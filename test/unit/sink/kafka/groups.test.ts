import { describe, expect, it } from 'vitest';
import { appoint, readVerdict, writeNotes } from '../../../../src/sink/kafka/group-appointment.ts';
import { heartbeatRequest, joinGroupRequest, leaveGroupRequest, readGroupError, readJoinGroup, readSyncGroup, syncGroupRequest } from '../../../../src/sink/kafka/protocol/groups.ts';
import type { Request } from '../../../../src/sink/kafka/protocol/requests.ts';
import { findCoordinatorRequest } from '../../../../src/sink/kafka/protocol/transactions.ts';
import { WireReader } from '../../../../src/sink/kafka/protocol/wire.ts';

const hex = (request: Request): string => Buffer.concat(request.parts).toString('hex');
const text = (value: string): string => `${value.length.toString(16).padStart(4, '0')}${Buffer.from(value).toString('hex')}`;
const bytes = (value: string): string => `${value.length.toString(16).padStart(8, '0')}${Buffer.from(value).toString('hex')}`;
const reader = (answer: string): WireReader => new WireReader(Buffer.from(answer.replaceAll(' ', ''), 'hex'));
const seat = { group: 'g', id: 'me', generation: 7 };

describe('requests of groups, byte for byte as the protocol guide has them', () => {
  it('FindCoordinator v2 of a group', () => {
    expect(hex(findCoordinatorRequest('g', 'group'))).toBe(`${text('g')}00`);
  });

  it('JoinGroup v4', () => {
    const request = joinGroupRequest(seat, { sessionMs: 6_000, rebalanceMs: 5_000, type: 'rowcast', protocol: 'p', metadata: Buffer.from('meta') });
    expect(request).toMatchObject({ key: 11, version: 4, flexible: false });
    expect(hex(request)).toBe(`${text('g')}0000177000001388${text('me')}${text('rowcast')}00000001${text('p')}${bytes('meta')}`);
    const answer = `00000000 0000 00000007 ${text('p')} ${text('boss')} ${text('me')} 00000002 ${text('boss')} ${bytes('a')} ${text('me')} ${bytes('b')}`;
    expect(readJoinGroup(reader(answer))).toEqual({ error: 0, generation: 7, assigner: 'boss', id: 'me', members: [{ id: 'boss', metadata: Buffer.from('a') }, { id: 'me', metadata: Buffer.from('b') }] });
    expect(readJoinGroup(reader(`00000000 004f ffffffff ffff ${text('')} ${text('given')} 00000000`))).toEqual({ error: 79, generation: -1, assigner: '', id: 'given', members: [] });
  });

  it('SyncGroup v2', () => {
    const request = syncGroupRequest(seat, [{ id: 'a', text: Buffer.from('xy') }]);
    expect(request).toMatchObject({ key: 14, version: 2 });
    expect(hex(request)).toBe(`${text('g')}00000007${text('me')}00000001${text('a')}${bytes('xy')}`);
    expect(readSyncGroup(reader(`00000000 001b 00000000`))).toEqual({ error: 27, assignment: Buffer.alloc(0) });
  });

  it('Heartbeat v2 and LeaveGroup v2', () => {
    expect([heartbeatRequest(seat).key, hex(heartbeatRequest(seat))]).toEqual([12, `${text('g')}00000007${text('me')}`]);
    expect([leaveGroupRequest(seat).key, hex(leaveGroupRequest(seat))]).toEqual([13, `${text('g')}${text('me')}`]);
    expect(readGroupError(reader('00000000 0019'))).toBe(25);
  });
});

describe('who is appointed', () => {
  const member = (id: string, changes: Partial<Parameters<typeof writeNotes>[0]> = {}): { id: string; metadata: Buffer } => ({
    id,
    metadata: Buffer.from(writeNotes({ leads: false, fit: true, since: 100, turns: 0, label: `host-${id}`, ...changes })),
  });
  const leader = (...members: { id: string; metadata: Buffer }[]): string => readVerdict(appoint(members)[0]?.text ?? Buffer.alloc(0)).leader;

  it('is the one who has stood longest', () => {
    expect(leader(member('a', { since: 30 }), member('b', { since: 20 }), member('c', { since: 40 }))).toBe('b');
  });

  it('is one of the same age that all agree on', () => {
    expect([leader(member('b'), member('a')), leader(member('a'), member('b'))]).toEqual(['a', 'a']);
  });

  it('is one that could take over, before one that could not', () => {
    expect(leader(member('a', { since: 1, fit: false }), member('b', { since: 2 }))).toBe('b');
    expect(leader(member('a', { since: 1, fit: false }), member('b', { since: 2, fit: false }))).toBe('a');
  });

  it('stays the one who leads, whoever comes', () => {
    expect(leader(member('a', { since: 1 }), member('b', { since: 9, leads: true, fit: false }))).toBe('b');
  });

  it('is told to every member, with a name for people', () => {
    const told = appoint([member('a'), member('b')]);
    expect(told.map(({ id, text: verdict }) => [id, readVerdict(verdict)])).toEqual([['a', { leader: 'a', label: 'host-a' }], ['b', { leader: 'a', label: 'host-a' }]]);
  });

  it('is never one that says nothing that can be read, unless there is no other', () => {
    expect(leader({ id: 'odd', metadata: Buffer.from('[1]') }, { id: 'odder', metadata: Buffer.from('{') }, member('b', { fit: false }))).toBe('b');
    expect(readVerdict(Buffer.from('no'))).toEqual({ leader: '', label: '' });
  });
});
