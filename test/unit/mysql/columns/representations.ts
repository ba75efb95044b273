import type { Representation } from '../../../../src/core/table.ts';

/** All of them; the record makes the compiler hold the list complete. */
const ALL: Readonly<Record<Representation, true>> = {
  text: true,
  string: true,
  number: true,
  'safe-number': true,
  'signed-number': true,
  'float-number': true,
  'java-number': true,
  boolean: true,
  base64: true,
  hex: true,
  'base64-url': true,
  'latin1-string': true,
  'base64-bits': true,
  'base64-unscaled': true,
  'epoch-days': true,
  'epoch-millis': true,
  'epoch-micros': true,
  'epoch-nanos': true,
  'time-micros': true,
  'time-millis': true,
  'time-nanos': true,
  'iso-short': true,
  'iso-utc': true,
  'zoned-timestamp': true,
  inline: true,
  'compact-inline': true,
  'compact-string': true,
  list: true,
  'geometry-struct': true,
  wkt: true,
  'spaced-wkt': true,
  geojson: true,
};

export const REPRESENTATIONS = Object.keys(ALL) as readonly Representation[];
