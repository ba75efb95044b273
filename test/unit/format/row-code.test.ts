import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/core/byte-writer.ts';
import { Constant } from '../../../src/core/constant.ts';
import { mayGenerateCode } from '../../../src/core/generated-code.ts';
import { RowImage } from '../../../src/core/row-image.ts';
import type { TableVersion } from '../../../src/core/table.ts';
import { formsOf } from '../../../src/format/image-writer.ts';
import { representPlain } from '../../../src/format/plain/representations.ts';
import { WholeImages } from '../../../src/format/whole-images.ts';
import { TYPE } from '../../../src/mysql/columns/description.ts';
import { column } from '../mysql/columns/support.ts';

/** Images after which a table has code of its own, and tables that have it at one time. */
const HOT = 10_000;
const MOST_TABLES = 64;
const BETWEEN = new Constant(Buffer.from(', '));

/** A table of TINYINTs. */
function tableOf(columns: number): TableVersion {
  const described = column(TYPE.TINY, [], { unsigned: false });
  return { database: 'd', name: 't', columns: Array.from({ length: columns }, (_, index) => ({ ...described, index, name: `c${index}`, nullable: true })), primaryKey: [], captured: true };
}

/** Writes a row of them so many times, and answers what was written last. */
function write(images: WholeImages, table: TableVersion, times: number): string {
  const nulls = (table.columns.length + 7) >> 3;
  const bytes = Buffer.alloc(nulls + table.columns.length).fill(7, nulls);
  const image = new RowImage(table);
  const out = new ByteWriter(16 * 1024);
  for (let i = 0; i < times; i++) {
    out.at = 0;
    image.set(bytes, 0, bytes.length);
    images.one(image, out);
  }
  return out.view().toString();
}

function imagesFor(table: TableVersion): WholeImages {
  const projection = { table, columns: table.columns.map((each) => ({ column: each, name: each.name, mask: null })), key: [] };
  return new WholeImages(formsOf(projection, representPlain, representPlain));
}

describe('a table of which nothing is shown', () => {
  it.each(['the loop', 'code of its own'])('has empty objects, by %s', (by) => {
    const code = by !== 'the loop';
    const table = tableOf(9);
    const images = new WholeImages(formsOf({ table, columns: [], key: [] }, representPlain, representPlain));
    if (code) images.compile();
    expect(images.compiled).toBe(code);
    expect(write(images, table, 1)).toBe('{}');
    const nulls = Buffer.from([0xff, 0x01]);
    const image = new RowImage(table);
    image.set(Buffer.concat([nulls, nulls]), 0, 4);
    const after = new RowImage(table);
    after.set(image.bytes, 2, 4);
    const out = new ByteWriter(64);
    images.two(image, BETWEEN, after, out);
    expect(out.view().toString()).toBe('{}, {}');
  });
});

describe('code of a table', () => {
  it('is made after ten thousand images, and writes what the loop wrote', () => {
    const table = tableOf(20);
    const images = imagesFor(table);
    const looped = write(images, table, HOT - 1);
    expect(images.compiled).toBe(false);
    write(images, table, 1);
    expect(images.compiled).toBe(true);
    expect(write(images, table, 1)).toBe(looped);
  });

  it('is given back by the table that has had it longest where many have it, and earned anew', () => {
    const table = tableOf(1);
    const first = imagesFor(table);
    first.compile();
    const others = Array.from({ length: MOST_TABLES }, () => imagesFor(table));
    others.slice(1).forEach((each) => { each.compile(); });
    expect(first.compiled).toBe(true);
    others[0]?.compile();
    expect(first.compiled).toBe(false);
    expect(write(first, table, HOT - 1)).toBe('{"c0":7}');
    expect(first.compiled).toBe(false);
    write(first, table, 1);
    expect(first.compiled).toBe(true);
  });

  it('is not made for a very wide table', () => {
    const table = tableOf(65);
    const images = imagesFor(table);
    const looped = write(images, table, HOT - 1);
    expect(write(images, table, 2)).toBe(looped);
    expect(images.compiled).toBe(false);
  });

  it('may be made here, and not where Node is told so', async () => {
    expect(mayGenerateCode()).toBe(true);
    const script = `import { mayGenerateCode } from ${JSON.stringify(new URL('../../../src/core/generated-code.ts', import.meta.url).href)}; console.log(mayGenerateCode())`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', script]);
    expect(stdout.trim()).toBe('false');
  });
});
