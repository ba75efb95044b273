import type { ShownPosition } from '../app/position.ts';

/** A saved position for people. */
export function positionReport({ store, position, savedAt, running }: ShownPosition): string {
  if (position === null) return `Nothing is saved in ${store}.`;
  const notes = running ? ['A daemon uses it now (or was killed a few seconds ago).'] : [];
  return [position, `saved ${savedAt ?? 'at an unknown time'} in ${store}`, ...notes].join('\n');
}
