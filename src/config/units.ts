const MILLISECONDS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

const BYTES = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
]);

/** `500ms`, `1.5s`, `10m`, `1h` as milliseconds; undefined for anything else, a number without a unit included. */
export function parseDuration(value: unknown): number | undefined {
  return parseUnit(value, MILLISECONDS);
}

/** `64MiB` (2^20), `64MB` (10^6), `512B` as whole bytes; undefined for anything else, a number without a unit included. */
export function parseSize(value: unknown): number | undefined {
  return parseUnit(value, BYTES);
}

function parseUnit(value: unknown, units: ReadonlyMap<string, number>): number | undefined {
  const match = typeof value === 'string' ? /^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]+)$/.exec(value) : null;
  const factor = units.get(match?.[2] ?? '');
  return match === null || factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}
