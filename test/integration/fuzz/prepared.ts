import type { Pick, RandomColumn } from './random.ts';
import { bits, column, oneOf } from './random.ts';
import { numberLooks } from './numbers.ts';
import { binaryColumns, textColumns } from './texts.ts';

/** A value that the driver binds by its JavaScript type: double, text, bytes, datetime, NULL. */
type Bound = number | string | Buffer | null;

/** A column whose values go over the binary protocol. */
export interface BoundColumn {
  readonly column: RandomColumn;
  readonly bound: (pick: Pick) => Bound;
}

/** A double of any bits; what is no number becomes one. */
function anyDouble(pick: Pick): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(pick(2 ** 32)) << 32n) | BigInt(pick(2 ** 32)));
  const value = bytes.readDoubleLE();
  return Number.isFinite(value) ? value : oneOf(pick, [0, -0, 5e-324, Number.MAX_VALUE, -Number.MIN_VALUE, 2 ** 53, 0.1]);
}

function shownLike(name: string, from: readonly RandomColumn[]): RandomColumn {
  const found = from.find(({ type }) => type === name);
  if (found === undefined) throw new Error(`no column of type ${name}`);
  return found;
}

/** Types that a bound value reaches by another way than a literal: as a double, as bytes, as a packed date. */
export function boundColumns(): BoundColumn[] {
  const small = (pick: Pick): number => oneOf(pick, [anyDouble(pick) % 1000, pick(1_000_000) / 1000, -pick(100), 0.5]);
  const day = (pick: Pick): string => `${1000 + pick(9000)}-0${1 + pick(9)}-${10 + pick(19)} 0${pick(10)}:00:5${pick(10)}.${pick(1_000_000)}`;
  return [
    { column: column('double', null, { looks: numberLooks.double }), bound: anyDouble },
    { column: column('float', null, { looks: numberLooks.float }), bound: (pick) => Math.fround(anyDouble(pick) * 2 ** -900) },
    { column: column('decimal(65,30)', null), bound: small },
    { column: column('bigint', null), bound: (pick) => oneOf<Bound>(pick, [small(pick), String(BigInt.asIntN(64, bits(pick, 64)))]) },
    { column: column('datetime(6)', null), bound: day },
    { column: column('time(3)', null), bound: (pick) => `-${pick(838)}:59:0${pick(10)}.${pick(1000)}` },
    { column: shownLike('blob', binaryColumns()), bound: (pick) => Buffer.from(Array.from({ length: pick(300) }, () => pick(256))) },
    { column: shownLike('text character set utf8mb4', textColumns()), bound: (pick) => String.fromCodePoint(...Array.from({ length: pick(100) }, () => oneOf(pick, [pick(0xd800), 0xe000 + pick(0x2000), 0x10000 + pick(0x100000)]))) },
  ];
}
