import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { compareWithSample } from '../unit/format/debezium/compare.ts';
import type { Difference } from '../unit/format/debezium/compare.ts';
import { query } from '../support/mysql.ts';
import { capture } from './types-support.ts';

/** What Debezium 3.6.0 sent for fixtures/types.sql, with its defaults, the JSON converter and schemas off. */
const SAMPLE = lines('fixtures/debezium-3.6.jsonl');
const SQL = lines('fixtures/types.sql').filter((line) => !line.startsWith('--')).join('\n');

let differences: Difference[] = [];

beforeAll(async () => {
  const server = inject('mysql');
  await query(server, 'drop database if exists zoo; create database zoo character set utf8mb4');
  const [ours = []] = await capture({ server, change: `set sql_mode = '', time_zone = '+00:00'; ${SQL}`, wanted: [{ format: 'debezium', database: 'zoo' }] });
  differences = compareWithSample(ours, SAMPLE);
});

describe('the same rows as seen by Debezium and by Rowcast', () => {
  it('differ in nothing that the list of differences does not name', () => {
    expect(differences.filter(({ covered }) => covered === null)).toEqual([]);
  });

  it('differ in every way that the list names and that these rows can show', () => {
    expect([...new Set(differences.map(({ covered }) => covered))].sort()).toEqual(['enum-label', 'keyless-tombstone', 'null-default', 'version']);
  });
});

function lines(name: string): string[] {
  return readFileSync(new URL(name, import.meta.url), 'utf8').split('\n').filter((line) => line !== '');
}
