import type { Constant } from '../core/constant.ts';
import { mayGenerateCode } from '../core/generated-code.ts';
import type { ColumnForms, ImageWriter, Marks } from './column-forms.ts';

/** Writers of whole images that are code of their own for one table. */
export interface RowCode {
  readonly one: ImageWriter;
  /** As `one`; keeps in mind what is where. */
  readonly first: ImageWriter;
}

/** More columns than these make functions that take long to compile, and some ten megabytes while they are. */
export const MOST_COLUMNS = 64;

/**
 * Makes code for a table: its columns one after the other instead of a loop, so that each writer is called from a place of
 * its own, which V8 compiles it into, and names of columns stand in it as the numbers that are stored. Nothing that comes
 * from a table is text in it: it is made of numbers only.
 *
 * Null for a very wide table, and where code may not be generated.
 */
export function rowCode(forms: ColumnForms, marks: Marks): RowCode | null {
  if (forms.writers.length > MOST_COLUMNS || !mayGenerateCode()) return null;
  return { one: compiled(forms, marks, false), first: compiled(forms, marks, true) };
}

type Make = (forms: ColumnForms, marks: Marks) => ImageWriter;

function compiled(forms: ColumnForms, marks: Marks, marked: boolean): ImageWriter {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- made of numbers only
  const make = new Function('forms', 'marks', source(forms, marked)) as Make;
  return make(forms, marks);
}

function source({ writers, names, nulls }: ColumnForms, marked: boolean): string {
  const columns = writers.map((_writer, index) => {
    const mark = marked ? `begins[${index}] = at; written[${index}] = out.at;` : '';
    const eight = (index & 7) === 0 ? `bits = bytes[nulls + ${index >> 3}];` : '';
    return `${eight} ${mark}
      if ((bits & ${1 << (index & 7)}) === 0) {
        ${stores(names[index], `names[${index}]`)}
        at = writer${index}(bytes, at, out);
      } else {
        ${stores(nulls[index], `nullNames[${index}]`)}
      }`;
  });
  return `
    'use strict';
    const { writers, names, nulls: nullNames } = forms;
    const { begins, written } = marks;
    const ${writers.map((_writer, index) => `writer${index} = writers[${index}]`).join(', ')};
    return (image, out) => {
      const { bytes, nulls } = image;
      const { window } = out;
      const room = out.bytes.length;
      let at = image.data, bits = 0, to = 0;
      ${columns.join('')}
      ${marked ? `begins[${writers.length}] = at; written[${writers.length}] = out.at;` : ''}
      out.byte(0x7d);
      image.endsAt(at);
    };`;
}

/** What `ByteWriter.constant` does, for one constant: `named` is where it is found. */
function stores(constant: Constant | undefined, named: string): string {
  if (constant === undefined || constant.length === 0) return '';
  const { doubles, length } = constant;
  if (doubles === null) return `out.constant(${named});`;
  const each = Array.from(doubles, (double, index) => `window.setFloat64(to + ${index * 8}, ${literal(double)}, true);`);
  return `to = out.at;
        if (to + ${doubles.length * 8} < room) {
          ${each.join(' ')}
          out.at = to + ${length};
        } else out.constant(${named});`;
}

/** The shortest text that reads back as the same bits. */
function literal(double: number): string {
  return Object.is(double, -0) ? '-0' : String(double);
}
