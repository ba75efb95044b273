import { describe, expect, inject, it } from 'vitest';
import { ByteWriter } from '../../src/core/byte-writer.ts';
import { writeDocumentDouble, writeDouble } from '../../src/mysql/columns/number-text.ts';
import { connectMysql, freshDatabase, queryOn } from '../support/mysql.ts';
import type { Pick } from './fuzz/random.ts';
import { oneOf, seeded } from './fuzz/random.ts';

const SEED = Number(process.env['ROWCAST_SEED'] ?? Date.now() % 1_000_000);
const RANDOM = 20_000;
const A_STATEMENT = 20_000;
const bits = new DataView(new ArrayBuffer(8));

describe.each(['mysql', 'mariadb', 'mysql56'] as const)('the text of doubles on %s', (kind) => {
  it(`is the server's, byte for byte, in columns and in documents (ROWCAST_SEED=${SEED})`, async () => {
    const values = [...edges(), ...random(seeded(SEED))];
    const server = inject(kind);
    const connection = await connectMysql(server, await freshDatabase(server, 'doubles'));
    try {
      await queryOn(connection, 'create temporary table doubles (id int primary key auto_increment, d double)');
      for (let at = 0; at < values.length; at += A_STATEMENT) {
        const some = values.slice(at, at + A_STATEMENT);
        await connection.execute(`insert into doubles (d) values ${some.map(() => '(?)').join(',')}`, some);
      }
      const document = kind === 'mysql' ? 'cast(json_array(d) as char)' : 'null';
      const [rows] = await connection.query({ sql: `select d, ${document} as document from doubles order by id`, typeCast: (field) => field.string() });
      const shown = rows as { readonly d: string; readonly document: string | null }[];
      expect(shown).toHaveLength(values.length);
      const differing = shown.filter(({ d, document }, i) => {
        const value = values[i] ?? Number.NaN;
        const text = textOf(writeDouble, value);
        return text !== d || !Object.is(Number(text), value) || (document !== null && document !== `[${textOf(writeDocumentDouble, value)}]`);
      });
      expect(differing.slice(0, 5)).toEqual([]);
    } finally {
      await connection.end();
    }
  });
});

const out = new ByteWriter(64);

function textOf(write: typeof writeDouble, value: number): string {
  out.at = 0;
  write(value, out);
  return out.view().toString('latin1');
}

/** Powers of ten and of two, their neighbours, and numbers of every length at every power of ten, both signs. */
function edges(): number[] {
  const tens = Array.from({ length: 632 }, (_, i) => Number(`1e${i - 323}`));
  const twos = Array.from({ length: 2098 }, (_, i) => 2 ** (i - 1074));
  const long = tens.flatMap((_, i) => ['9.999999999999999', '1.2345678901234567', '5', '1.5'].map((digits) => Number(`${digits}e${i - 323}`)));
  const all = [0, ...[...tens, ...twos].flatMap((value) => [value, neighbour(value, -1n), neighbour(value, 1n)]), ...long];
  return all.filter(Number.isFinite).flatMap((value) => [value, -value]);
}

function* random(pick: Pick): IterableIterator<number> {
  for (let i = 0; i < RANDOM; ) {
    const value = oneOf(pick, KINDS)(pick);
    if (!Number.isFinite(value)) continue;
    i++;
    yield value;
  }
}

/** Any bits, fractions of large numbers, few digits at any place, whole numbers of any size, around the ends of plain text. */
const KINDS: readonly ((pick: Pick) => number)[] = [
  (pick) => ofBits((BigInt(pick(2 ** 32)) << 32n) | BigInt(pick(2 ** 32))),
  (pick) => 1e15 + pick(3_500_000_000) * 1e6 + pick(1_000_000) + pick(8) / 8,
  (pick) => pick(1_000_000) / 10 ** pick(22),
  (pick) => -pick(1_000_000) * 10 ** pick(24),
  (pick) => (pick(2 ** 32) * 2 ** 21 + pick(2 ** 21)) * 2 ** (pick(24) - 4),
  (pick) => pick(2 ** 32) / 2 ** 32 / 10 ** pick(18),
  (pick) => ofBits(BigInt(pick(2 ** 32)) << BigInt(pick(20))),
];

function ofBits(value: bigint): number {
  bits.setBigUint64(0, value);
  return bits.getFloat64(0);
}

function neighbour(value: number, away: bigint): number {
  bits.setFloat64(0, value);
  const next = bits.getBigUint64(0) + away;
  return next < 0n ? 0 : ofBits(next);
}
