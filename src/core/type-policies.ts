import type { ZeroDates } from './table.ts';

/**
 * How a route wants values shown whose type has no one right form. Null: as its format shows them.
 *
 * Keys follow too, but for what could make two keys one: `zeroDates` as null or epoch, and `tinyint1` as boolean.
 */
export interface TypePolicies {
  /** Dates that are no day: 0000-00-00, 2024-00-00, 2024-02-31. `string`: the server's text. */
  readonly zeroDates: ZeroDates | null;
  /** Signed TINYINT(1), which BOOLEAN is short for. `boolean`: false for 0. */
  readonly tinyint1: 'boolean' | 'number' | null;
  /** BIGINT, signed or not. `safe`: a number up to ±(2^53 − 1), a string beyond. BIT above 53 bits follows where the format shows it as a number. */
  readonly bigint: 'string' | 'number' | 'safe' | null;
  /** `number`: with all its digits. */
  readonly decimal: 'string' | 'number' | null;
  /** BINARY, VARBINARY and BLOBs. */
  readonly binary: 'base64' | 'hex' | null;
  /** `inline`: the document itself. `text`: the server's text as a string. */
  readonly json: 'inline' | 'text' | null;
  /** `index`: from 1, 0 for the label that is none. */
  readonly enum: 'label' | 'index' | null;
  /** `text`: labels with commas between them. `bitmask`: a number, the first label in the lowest bit. */
  readonly set: 'list' | 'text' | 'bitmask' | null;
  /** All with their SRID. `wkt` is a string, `SRID=4326;POINT(1 2)`; `geojson` an object. */
  readonly geometry: 'wkb' | 'wkt' | 'geojson' | null;
  /** `base64`: of the floats, four bytes each, little-endian. */
  readonly vector: 'list' | 'base64' | null;
}

/** Everything as the format shows it. */
export const NO_POLICIES: TypePolicies = {
  zeroDates: null,
  tinyint1: null,
  bigint: null,
  decimal: null,
  binary: null,
  json: null,
  enum: null,
  set: null,
  geometry: null,
  vector: null,
};
