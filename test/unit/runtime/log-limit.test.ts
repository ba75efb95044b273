import { expect, it } from 'vitest';
import { LogLimit } from '../../../src/runtime/log-limit.ts';
import { QUIET_LOGGER } from './rows-fixture.ts';

it('says the same thing once in ten seconds, and then how often it was', () => {
  const said: unknown[] = [];
  let now = 5;
  const log = new LogLimit({ ...QUIET_LOGGER, warn: (message, fields) => void said.push([message, fields]) }, () => now);
  for (const row of [1, 2, 3]) log.warn('left out', { row });
  log.warn('cut', { row: 4 });
  now += 10_000;
  for (const row of [5, 6]) log.warn('left out', { row });
  now += 10_000;
  log.warn('left out', { row: 7 });
  now += 10_000;
  log.warn('left out', { row: 8 });
  expect(said).toEqual([
    ['left out', { row: 1 }],
    ['cut', { row: 4 }],
    ['left out', { row: 5, heldBack: 2 }],
    ['left out', { row: 7, heldBack: 1 }],
    ['left out', { row: 8 }],
  ]);
});
