import { beforeEach, describe, expect, it } from 'vitest';
import { Runway } from '../../../src/app/runway.ts';
import type { Retention } from '../../../src/mysql/retention.ts';

const MINUTE = 60_000;
const DAY = 86_400;
const T = 1_800_000_000_000;
const said: string[] = [];
const quiet = (): void => undefined;

/** Kept for a week, and needed until `seconds` after T. */
function until(seconds: number | null, changes: Partial<Retention> = {}): Retention {
  return { expiresAt: seconds === null ? null : T + seconds * 1000, room: null, held: 0, written: 0, kept: 7 * DAY, ...changes };
}

let runway: Runway;
beforeEach(() => {
  said.length = 0;
  runway = new Runway({ debug: quiet, info: (message) => said.push(`info ${message.slice(0, 12)}`), warn: (message) => said.push(`warn ${message.slice(0, 12)}`), error: quiet });
});

describe('by age', () => {
  it('is not known before the first look, and never where everything is kept', () => {
    expect(runway.told(0, T)).toEqual({ runway: null, slack: null });
    expect(runway.status(0, T)).toEqual({ runwaySeconds: null, slackSeconds: null });
    runway.note(until(null), 5 * DAY, T);
    expect(runway.told(5 * DAY, T)).toEqual({ runway: Infinity, slack: Infinity });
    expect(runway.status(0, T)).toEqual({ runwaySeconds: 'never', slackSeconds: 'never' });
  });

  it('is never reached by a reader who keeps up, and by one who stands still when the server purges', () => {
    runway.note(until(3 * DAY), 2, T);
    expect(runway.told(2, T)).toEqual({ runway: Infinity, slack: 3 * DAY });
    runway.note(until(3 * DAY), 602, T + 10 * MINUTE - 1);
    expect(runway.told(602, T + 10 * MINUTE - 1).slack).toBeCloseTo(3 * DAY - 600, 0);
    expect(runway.told(602, T + 10 * MINUTE - 1).runway).toBeCloseTo(3 * DAY - 600, 0);
  });

  it('counts the pace: half of what is written doubles the time, and catching up has no end', () => {
    runway.note(until(1000), 4000, T);
    expect(runway.told(4030, T + MINUTE)).toEqual({ runway: 940 * 2, slack: 940 });
    expect(runway.told(4000, T + MINUTE)).toEqual({ runway: Infinity, slack: 940 });
    expect(runway.told(3500, T + MINUTE)).toEqual({ runway: Infinity, slack: 940 });
    expect(runway.told(9000, T + MINUTE)).toEqual({ runway: 940, slack: 940 });
  });

  it('takes the worst for granted where nobody knows how far behind reading is, or was', () => {
    runway.note(until(1000), null, T);
    expect(runway.told(null, T)).toEqual({ runway: 1000, slack: 1000 });
    expect(runway.told(500, T + MINUTE)).toEqual({ runway: 940, slack: 940 });
  });

  it('goes on counting while the server cannot be asked, and ends at nothing', () => {
    runway.note(until(100), 10, T);
    runway.note(null, null, T + MINUTE);
    expect(runway.told(null, T + MINUTE)).toEqual({ runway: 40, slack: 40 });
    expect(runway.told(null, T + 5 * MINUTE)).toEqual({ runway: 0, slack: 0 });
  });

  it('forgets a pace of long ago', () => {
    runway.note(until(9000), 5000, T);
    runway.note(until(9000), 1000, T + 11 * MINUTE);
    runway.note(until(9000), 1060, T + 12 * MINUTE);
    expect(runway.told(1060, T + 12 * MINUTE).runway).toBeCloseTo(9000 - 720, 0);
  });
});

describe('by size', () => {
  const size = (room: number, held: number, written: number): Retention => until(null, { room, held, written });

  it('is not known before two looks', () => {
    runway.note(size(1000, 500, 0), 0, T);
    expect(runway.told(0, T)).toEqual({ runway: null, slack: null });
  });

  it('compares what is left with what is written, and with what reading frees meanwhile', () => {
    runway.note(size(1600, 0, 0), 300, T);
    runway.note(size(1000, 600, 1200), 300, T + MINUTE);
    expect(runway.told(300, T + MINUTE)).toEqual({ runway: 100, slack: 50 });
    runway.note(size(1600, 0, 2400), 300, T + 2 * MINUTE);
    expect(runway.told(300, T + 2 * MINUTE)).toEqual({ runway: Infinity, slack: 80 });
  });

  it('is nothing where all the room is used, and the nearer one counts where there is an age, too', () => {
    runway.note(until(50, { room: 0 }), 0, T);
    expect(runway.told(0, T)).toEqual({ runway: 0, slack: 0 });
    runway.note(until(50, { room: 6000, written: 600 }), 0, T + 10_000);
    expect(runway.told(0, T + 10_000)).toEqual({ runway: Infinity, slack: 40 });
    expect(runway.told(100, T + 10_000).runway).toBeCloseTo(40 / 1, 0);
  });
});

describe('the warning', () => {
  it('comes once when a day is left, and its end is told', () => {
    runway.note(until(2 * DAY), 1000, T);
    expect(said).toEqual([]);
    for (const minute of [1, 2, 3]) runway.note(until(DAY - 1), 1000 + minute * 60, T + minute * MINUTE);
    expect(said).toEqual(['warn the server m']);
    runway.note(until(5 * DAY), 5, T + 4 * MINUTE);
    expect(said).toEqual(['warn the server m', 'info the position']);
  });

  it('comes at a quarter of what a server keeps for a short time', () => {
    runway.note(until(3000, { kept: 3600 }), null, T);
    expect(said).toEqual([]);
    runway.note(until(800, { kept: 3600 }), null, T);
    expect(said).toEqual(['warn the server m']);
  });

  it('comes for a reader who catches up just before the end, and not for one who is there', () => {
    runway.note(until(3000), 9000, T);
    said.length = 0;
    runway.note(until(3000), 8000, T + MINUTE);
    expect(runway.told(8000, T + MINUTE).runway).toBe(Infinity);
    expect(said).toEqual([]);
    runway.note(until(3000), 1, T + 2 * MINUTE);
    expect(said).toEqual(['info the position']);
  });
});
