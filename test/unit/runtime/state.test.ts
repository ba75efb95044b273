import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../src/core/errors.ts';
import { STATES, StateMachine } from '../../../src/runtime/state.ts';
import type { State } from '../../../src/runtime/state.ts';

const ALLOWED = [
  'starting>streaming', 'starting>waiting', 'starting>draining', 'starting>failed',
  'streaming>paused', 'streaming>waiting', 'streaming>draining', 'streaming>failed',
  'paused>streaming', 'paused>waiting', 'paused>draining', 'paused>failed',
  'waiting>starting', 'waiting>draining', 'waiting>failed',
  'draining>stopped', 'draining>failed',
];

const WAY: Readonly<Record<State, readonly State[]>> = {
  starting: [],
  streaming: ['streaming'],
  paused: ['streaming', 'paused'],
  waiting: ['waiting'],
  draining: ['draining'],
  stopped: ['draining', 'stopped'],
  failed: ['failed'],
};

function machineIn(state: State): StateMachine {
  const machine = new StateMachine();
  for (const step of WAY[state]) machine.to(step);
  return machine;
}

describe('StateMachine', () => {
  it.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const machine = machineIn(from);
    if (ALLOWED.includes(`${from}>${to}`)) {
      machine.to(to);
      expect(machine.state).toBe(to);
    } else {
      expect(() => machine.to(to)).toThrow(`the daemon cannot go from ${from} to ${to}`);
      expect(machine.state).toBe(from);
    }
  });

  it('keeps the reason of a state until the next, and tells of changes', () => {
    const seen: string[] = [];
    const machine = new StateMachine((state, before) => seen.push(`${before}>${state}`));
    const lost = new RowcastError('SOURCE_LOST', 'gone');
    machine.to('waiting', lost);
    expect(machine.reason).toBe(lost);
    machine.to('starting');
    expect(machine.reason).toBeNull();
    expect(seen).toEqual(['starting>waiting', 'waiting>starting']);
  });
});
