import { describe, expect, it } from 'vitest';
import { RowcastError } from '../../../src/core/errors.ts';
import { Health } from '../../../src/runtime/health.ts';
import { StateMachine } from '../../../src/runtime/state.ts';

function build(): { health: Health; state: StateMachine; pass: (ms: number) => void } {
  let now = 0;
  const state = new StateMachine();
  const health = new Health(state, { nowMicros: () => 0, monotonicMs: () => now }, 1000);
  return { health, state, pass: (ms) => (now += ms) };
}

describe('Health', () => {
  it('is not ready before streaming', () => {
    expect(build().health.readiness()).toEqual({ ready: false, reason: 'starting', detail: 'the daemon is starting' });
  });

  it('is ready while signs of life come, and not after three heartbeat periods of silence', () => {
    const { health, state, pass } = build();
    state.to('streaming');
    pass(3000);
    expect(health.readiness()).toMatchObject({ ready: true, reason: 'streaming' });
    pass(1);
    expect(health.readiness()).toMatchObject({ ready: false, reason: 'source-silent' });
    health.alive();
    expect(health.readiness()).toMatchObject({ ready: true, reason: 'streaming' });
  });

  it('does not count silence while reading is held back, and says why', () => {
    const { health, state, pass } = build();
    state.to('streaming');
    state.to('paused');
    pass(60_000);
    expect(health.readiness()).toMatchObject({ ready: true, reason: 'sink-slow' });
  });

  it('is not ready where the sink has taken nothing for a minute while reading waits for it', () => {
    const { health, state, pass } = build();
    state.to('streaming');
    pass(70_000);
    health.sinkMoved();
    state.to('paused');
    for (let minutes = 0; minutes < 3; minutes++) {
      pass(60_000);
      expect(health.readiness()).toMatchObject({ ready: true, reason: 'sink-slow' });
      health.sinkMoved();
    }
    pass(75_000);
    expect(health.readiness()).toEqual({ ready: false, reason: 'sink-stuck', detail: 'reading waits for the sink, which has taken nothing for 75 s' });
    health.sinkMoved();
    expect(health.readiness().ready).toBe(true);
  });

  it('starts the clock anew when reading goes on', () => {
    const { health, state, pass } = build();
    state.to('streaming');
    state.to('paused');
    pass(60_000);
    health.resumed();
    state.to('streaming');
    expect(health.readiness()).toMatchObject({ ready: true, reason: 'streaming' });
  });

  it('is not ready while the sink or the checkpoint fails, and gives the reason of the error', () => {
    const { health, state } = build();
    state.to('streaming');
    health.sinkDown(new RowcastError('SINK_LOST', 'broker 1 is away'));
    expect(health.readiness()).toEqual({ ready: false, reason: 'sink-down', detail: 'broker 1 is away' });
    health.sinkUp();
    health.checkpointSaved(new RowcastError('CHECKPOINT_UNWRITABLE', 'disk full'));
    expect(health.readiness()).toEqual({ ready: false, reason: 'checkpoint-failing', detail: 'disk full' });
    health.checkpointSaved(null);
    expect(health.readiness().ready).toBe(true);
  });

  it('gives the reason for waiting', () => {
    const { health, state } = build();
    state.to('waiting', new RowcastError('SOURCE_LOST', 'no route to host'));
    expect(health.readiness()).toEqual({ ready: false, reason: 'waiting', detail: 'no route to host' });
  });

  it('says that the server is a replica which has not come to the position yet', () => {
    const { health, state } = build();
    state.to('waiting', new RowcastError('SOURCE_BEHIND', 'db-2:3306 lacks u:8-9'));
    expect(health.readiness()).toEqual({ ready: false, reason: 'source-behind', detail: 'db-2:3306 lacks u:8-9' });
  });

  it('adds up what was read', () => {
    const { health } = build();
    health.event(100, 5);
    health.event(50, 0);
    expect([health.bytesRead, health.eventsRead, health.lastEventTimestamp]).toEqual([150, 2, 5]);
  });

  it('counts what was passed over by its type', () => {
    const { health } = build();
    ['view_change', 'type_57', 'view_change'].forEach((type) => { health.passed(type); });
    expect([...health.passedEvents]).toEqual([['view_change', 2], ['type_57', 1]]);
  });
});
