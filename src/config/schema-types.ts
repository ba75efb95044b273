import { REFERENCE, word } from './scalars.ts';
import { mapping, optional } from './shapes.ts';

/** YAML reads a bare `null` as no value; `readDocument` hands it on here as the word. */
const zeroDates = word('null', 'string', 'epoch', 'format').meta({ anyOf: [{ enum: [null, 'null', 'string', 'epoch', 'format'] }, REFERENCE] });

/** How values are shown whose type has no one right form; each key alone. `format`, as without the key: as the format does. */
export const typesSchema = mapping({
  zeroDates: optional(zeroDates).describe('Dates that are no day (`0000-00-00`, `2024-00-00`, `2024-02-31`) of DATE, DATETIME and TIMESTAMP: null, the text that the server shows, or 1970-01-01 in the form of the other dates. `null` and `epoch` do not touch keys.'),
  tinyint1: optional(word('boolean', 'number', 'format')).describe('Signed `tinyint(1)`, which BOOLEAN is short for: `boolean` is false for 0 and else true. It does not touch keys.'),
  bigint: optional(word('string', 'number', 'safe', 'format')).describe('BIGINT, signed or not, and BIT above 53 bits where the format shows it as a number: `safe` is a number up to ±(2^53 − 1) and a string beyond.'),
  decimal: optional(word('string', 'number', 'format')).describe('DECIMAL, with all its digits.'),
  binary: optional(word('base64', 'hex', 'format')).describe('BINARY, VARBINARY and BLOBs.'),
  json: optional(word('inline', 'text', 'format')).describe("JSON, of MariaDB too: the document itself, or a string that holds the server's text of it."),
  enum: optional(word('label', 'index', 'format')).describe('ENUM: the label, or its number from 1; 0 for the label that is none.'),
  set: optional(word('list', 'text', 'bitmask', 'format')).describe('SET: a list of labels, one string with commas between them, or a number with the first label in its lowest bit.'),
  geometry: optional(word('wkb', 'wkt', 'geojson', 'format')).describe('Geometries, all with their SRID: `{"wkb":"base64","srid":4326}`, well-known text `"SRID=4326;POINT(1 2)"`, or a GeoJSON object with a `crs`. Coordinates are as the server keeps them, x and y: longitude first.'),
  vector: optional(word('list', 'base64', 'format')).describe('VECTOR: a list of numbers, or its bytes, four for each number, little-endian.'),
});
