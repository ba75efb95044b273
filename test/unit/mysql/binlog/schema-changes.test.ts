import { describe, expect, it } from 'vitest';
import type { CatalogueColumn } from '../../../../src/mysql/binlog/catalogue.ts';
import { KeptCatalogue, type Metadata } from '../../../../src/mysql/schema/catalogue.ts';
import { codeOf, column, descriptionEvent, queryEvent, record } from './support.ts';
import type { Recording } from './support.ts';

/** A decoder before a server with this metadata, whose tables fix.t and fix.status are captured with their columns. */
async function before(metadata: Metadata): Promise<Recording & { readonly catalogue: KeptCatalogue }> {
  const quiet = (): void => undefined;
  const live = new Map<string, readonly CatalogueColumn[]>([['fix.t', [column('id', 'int')]], ['fix.status', [column('id', 'int')]]]);
  const left = [column('id', 'int')];
  const catalogue = new KeptCatalogue({
    metadata,
    server: 'u',
    recapture: false,
    fresh: true,
    live: { all: () => Promise.resolve(live), table: () => Promise.resolve(left.splice(0)), end: () => Promise.resolve({ server: 'u', file: 'binlog.000001', position: 4 }), changes: () => Promise.resolve([]) },
    notes: null,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  await catalogue.open();
  const run = { ...record({ catalogue }), catalogue };
  const description = descriptionEvent();
  void run.decoder.event(description, 0, description.length);
  return run;
}

describe('with minimal metadata', () => {
  it.each([
    ['CREATE TABLE fresh (id int, status int, t int)', 'none'],
    ['CREATE TABLE IF NOT EXISTS t (id int)', 'none'],
    ['ALTER TABLE other.log ADD status int', 'none'],
    ['ALTER TABLE fresh ADD status int', 'none'],
    ['CREATE VIEW v AS SELECT * FROM t', 'none'],
    ['CREATE INDEX i ON t (id)', 'none'],
    ['TRUNCATE TABLE t', 'none'],
    ['DROP DATABASE other', 'none'],
    ['ALTER TABLE t ADD x int', 'SCHEMA_CHANGED'],
    ['ALTER TABLE `fix`.`T` ADD x int', 'SCHEMA_CHANGED'],
    ['CREATE TABLE t (id int, other int)', 'SCHEMA_CHANGED'],
    ['DROP TABLE fresh, status', 'SCHEMA_CHANGED'],
    ['RENAME TABLE fresh TO t', 'SCHEMA_CHANGED'],
    ['DROP DATABASE fix', 'SCHEMA_CHANGED'],
  ])('%s: %s', async (sql, code) => {
    const run = await before('none');
    const statement = queryEvent(sql, 'fix');
    expect(await codeOf(() => run.decoder.event(statement, 0, statement.length))).toBe(code);
    expect(run.calls).toEqual(code === 'none' ? [`commit binlog.000001:${127 + statement.length}`] : []);
  });
});

describe('with full metadata', () => {
  it('columns that were told before a database was dropped are asked for again', async () => {
    const { catalogue, decoder, calls } = await before('full');
    const mapped = [{ name: 'id', typeCode: 3, meta: 0, nullable: true, ambiguous: true }];
    await catalogue.describe('fix', 't', mapped);
    const statement = queryEvent('DROP DATABASE fix');
    await decoder.event(statement, 0, statement.length);
    expect(calls).toEqual(['commit binlog.000001:177']);
    expect(await codeOf(() => catalogue.describe('fix', 't', mapped))).toBe('SCHEMA_MISMATCH');
  });
});
