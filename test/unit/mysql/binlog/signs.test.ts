import { expect, it } from 'vitest';
import { Cursor } from '../../../../src/mysql/binlog/cursor.ts';
import { readOptionalMetadata } from '../../../../src/mysql/binlog/optional-metadata.ts';
import { TYPE } from '../../../../src/mysql/columns/description.ts';

const { LONG, YEAR, TINY, VARCHAR } = TYPE;

/** The signs of columns of these types, of which the list is `bits`. */
function signs(types: readonly number[], bits: readonly number[]): (boolean | null)[] | null {
  const bytes = Buffer.from([1, bits.length, ...bits]);
  const map = { database: 'd', table: 't', count: types.length, types: [...types], metas: types.map(() => 0), nullable: [], optional: new Cursor(bytes, 0, bytes.length) };
  return readOptionalMetadata(map).unsigned;
}

it.each([
  ['counted, as servers do', [LONG, YEAR, TINY, VARCHAR, LONG], [0b1101_0000], [true, true, false, null, true]],
  ['not counted: its bit would be a signed one', [LONG, YEAR, TINY, LONG], [0b1010_0000], [true, null, false, true]],
  ['not counted: the list would be too short', [...Array.from({ length: 8 }, () => TINY), YEAR], [0b1111_1110], [true, true, true, true, true, true, true, false, null]],
  ['alone', [YEAR], [0b1000_0000], [true]],
  ['not there', [TINY, LONG], [0b0100_0000], [false, true]],
])('a YEAR in the list of signs: %s', (_, types, bits, wanted) => {
  expect(signs(types, bits)).toEqual(wanted);
});
