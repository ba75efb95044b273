import { longestCharacter } from '../../columns/charsets.ts';
import { areDoubtful, withQuestionMark } from '../../columns/labels.ts';
import type { CharsetChoice } from './charset.ts';
import type { TrackedColumn } from './model.ts';
import { undecided } from './reading.ts';

/** Bytes that the TEXT types hold. */
const TEXTS: readonly (readonly [string, number])[] = [
  ['tinytext', 0xff],
  ['text', 0xffff],
  ['mediumtext', 0xffffff],
  ['longtext', 0xffffffff],
];

/** A column after CONVERT TO CHARACTER SET: one that holds text takes the character set, and a larger type where its characters take more bytes. */
export function convertColumn(column: TrackedColumn, to: CharsetChoice): TrackedColumn {
  if (column.charset === null) return column;
  if (to.charset === 'binary' && column.labels === null) return undecided('text becomes binary');
  const converted = { ...column, charset: to.charset, collation: to.collation, ...exactness(column) };
  const bytes = TEXTS.find(([name]) => name === column.dataType)?.[1];
  if (bytes === undefined) return converted;
  const characters = Math.floor(bytes / longestCharacter(column.charset));
  const [type = column.dataType] = TEXTS.find(([, most]) => characters * longestCharacter(to.charset) <= most) ?? ['longtext'];
  return { ...converted, dataType: type, columnType: column.columnType.replace(column.dataType, type) };
}

/** A `?` in a label of a character set that has nothing beyond U+FFFF stays what it is. */
function exactness({ labels, charset, exactLabels }: TrackedColumn): Pick<TrackedColumn, 'exactLabels'> {
  return exactLabels === true || (labels !== null && withQuestionMark(labels) && !areDoubtful(labels, charset)) ? { exactLabels: true } : {};
}
