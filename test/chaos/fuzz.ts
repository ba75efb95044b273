import { DAMAGED, damagedGroups, HONEST, outcomes } from '../unit/mysql/binlog/damage.ts';
import { randomOf, seedOf } from './random.ts';
import type { ChaosState } from './state.ts';

/** Milliseconds that the decoder may take for one transaction of a few events. */
const HANG_MS = 2_000;
/** How many findings are kept. */
const KEPT = 20;

/**
 * Gives the decoder `count` damaged transactions of real binlog without checksums. Each must end in an honest error or be read
 * inside its bounds, soon: reading past an event shows, since each is read twice with other bytes around it.
 */
export function fuzzDecoder(count: number, seed: number): NonNullable<ChaosState['fuzz']> {
  const outcomesSeen: Record<string, number> = {};
  const findings: string[] = [];
  const sources = DAMAGED.map((name, index) => {
    const random = randomOf(seedOf(seed, index));
    return { name, damaged: damagedGroups(name, (below) => random.below(below)) };
  });
  for (let input = 0; input < count; input++) {
    const source = sources[input % sources.length];
    if (source === undefined) break;
    const events = source.damaged.next().value;
    const begun = performance.now();
    const [one, other] = outcomes(source.name, events);
    const took = performance.now() - begun;
    const honest = one.code === 'none' || HONEST.has(one.code);
    const wrong = !honest ? `ends in ${one.code}` : one.code !== other.code || one.rows !== other.rows ? 'reads past the end of an event' : took > HANG_MS ? `takes ${took.toFixed(0)} ms` : null;
    if (wrong !== null && findings.length < KEPT) findings.push(`input ${String(input)} of seed ${String(seed)}, from ${source.name}, ${wrong}: ${Buffer.concat(events).toString('base64')}`);
    outcomesSeen[one.code] = (outcomesSeen[one.code] ?? 0) + 1;
  }
  return { inputs: count, outcomes: outcomesSeen, findings };
}
