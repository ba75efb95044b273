import { describe, expect, it } from 'vitest';
import { sendsTombstones } from '../../../src/app/explain.ts';
import { systemClock } from '../../../src/app/clock.ts';
import { formatsOf } from '../../../src/app/formats.ts';
import { configOf, VALID } from '../config/support.ts';
import { plan } from '../runtime/rows-fixture.ts';

/** With a key unless it is said otherwise, by a route that wants tombstones. */
function tombstones(format: string, keyed = true, wanted = true): boolean {
  const config = configOf(`${VALID}format: ${format}\n`);
  return sendsTombstones(plan({ tombstones: wanted }, keyed), formatsOf(config, () => 'mysql', systemClock)(-1));
}

describe('whether a delete has a tombstone', () => {
  it('says the route, where there is a key', () => {
    expect([tombstones('debezium'), tombstones('debezium', true, false), tombstones('plain', false), tombstones('cloudevents')]).toEqual([true, false, false, true]);
    expect([tombstones('maxwell'), tombstones('maxwell', false), tombstones('canal')]).toEqual([true, true, false]);
  });

  it('says the flat format itself', () => {
    const modes = ['tombstone', 'drop', 'rewrite', 'rewrite-with-tombstone', 'delete-to-tombstone'];
    expect(modes.map((deletes) => tombstones(`{ type: debezium, flat: { deletes: ${deletes} } }`, true, false))).toEqual([true, false, false, true, true]);
    expect(tombstones('{ type: debezium, flat: { deletes: drop } }')).toBe(false);
  });
});
