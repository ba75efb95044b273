import type { Clock } from '../core/ports.ts';

/** The system's clocks. Wall time has millisecond steps: finer clocks of the process do not follow when the system's is set. */
export const systemClock: Clock = {
  nowMicros: () => Date.now() * 1000,
  monotonicMs: () => performance.now(),
};
