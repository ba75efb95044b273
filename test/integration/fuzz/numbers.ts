import type { Look, Pick, RandomColumn, Same } from './random.ts';
import { asIs, asText, bits, column, digits, oneOf } from './random.ts';

const WIDTHS = [['tinyint', 8], ['smallint', 16], ['mediumint', 24], ['int', 32], ['bigint', 64]] as const;
const sameDouble: Same = (ours, server) => Object.is(Number(ours), Number(server));
/**
 * What SELECT shows of DOUBLE(n,5): five digits, of which a large value has fewer to tell and a small one more. A calculation
 * with such a column shows a digit too few.
 */
const sameToFiveDigits: Same = (ours, server) => Number(ours) === Number(server) || Number(ours).toFixed(5) === server;
const sameFloat: Same = (ours, server) => Object.is(Math.fround(Number(ours)), Math.fround(Number(server)));
const SMALLEST_NORMAL = 2 ** -126;
/** SELECT shows six digits of a FLOAT. Where they tell it all, ours is the same text, but for those so small that fewer do. */
const sameWhereTold: Same = (ours, server) => ours === server || Math.fround(Number(ours)) !== Math.fround(Number(server)) || Math.abs(Number(ours)) < SMALLEST_NORMAL;
const sameSafe: Same = (ours, server) => ours === (Number.isSafeInteger(Number(server)) ? server : `"${server}"`);
const sameTruth: Same = (ours, server) => ours === String(Number(server) !== 0);
const sameUnscaled: Same = (ours, server) => {
  const bytes = Buffer.from(ours.slice(1, -1), 'base64');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`)) === BigInt(server.replace('.', ''));
};

const WHOLE: readonly Look[] = [
  { as: 'text', shown: asText },
  { as: 'safe-number', shown: asText, same: sameSafe },
  { as: 'boolean', shown: asText, same: sameTruth },
];

function integers(): RandomColumn[] {
  return WIDTHS.flatMap(([name, width]) => {
    const least = -(2n ** BigInt(width - 1));
    const most = 2n ** BigInt(width) - 1n;
    const safe = width === 64 ? [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 32n - 1n, 2n ** 32n] : [];
    const signed = [0n, 1n, -1n, least, least + 1n, -least - 1n, -least - 2n, ...safe, ...safe.map((each) => -each)];
    const unsigned = [0n, 1n, most, most - 1n, -least, -least - 1n, ...safe];
    return [
      column(name, (pick) => String(BigInt.asIntN(width, bits(pick, width) * (pick(2) === 0 ? 1n : -1n))), { edges: signed.map(String), looks: WHOLE }),
      column(`${name} unsigned`, (pick) => String(bits(pick, width)), { edges: unsigned.map(String), looks: WHOLE }),
    ];
  });
}

function zerofilled(): RandomColumn[] {
  return [
    column('int(5) unsigned zerofill', (pick) => String(bits(pick, 32)), { looks: [{ as: 'text', shown: (name) => asText(`${name} + 0`) }] }),
    column('tinyint(1)', (pick) => String(pick(256) - 128), { looks: WHOLE }),
  ];
}

/** Shapes at the edges of the storage groups, and some of the seed's choice. */
function decimals(pick: Pick): RandomColumn[] {
  const fixed = [[1, 0], [1, 1], [9, 0], [9, 9], [10, 0], [10, 2], [18, 9], [19, 10], [28, 1], [65, 0], [65, 30], [30, 30]] as const;
  const free = Array.from({ length: 12 }, () => {
    const precision = 1 + pick(65);
    return [precision, Math.max(0, Math.min(precision, 30, pick(31)))] as const;
  });
  return [...fixed, ...free].map(([precision, scale], place) => decimal(precision, scale, place));
}

function decimal(precision: number, scale: number, place: number): RandomColumn {
  const put = (unscaled: string): string => {
    const all = unscaled.padStart(scale + 1, '0');
    return scale === 0 ? all : `${all.slice(0, -scale)}.${all.slice(-scale)}`;
  };
  const nines = put('9'.repeat(precision));
  const value = (pick: Pick): string => `${pick(2) === 0 ? '-' : ''}${put(digits(pick, 1 + pick(precision)))}`;
  return column(`decimal(${precision},${scale})`, value, {
    name: `c_decimal_${place}`,
    edges: ['0', '-0.0', nines, `-${nines}`, put('1'), `-${put('1')}`, put(`1${'0'.repeat(precision - 1)}`), `-${put('128'.slice(0, precision))}`],
    looks: [{ as: 'text', shown: asText }, { as: 'base64-unscaled', shown: asText, same: sameUnscaled }],
  });
}

const DOUBLES = ['0', '-0e0', '1', '-1', '0.1', '5e-324', '2.2250738585072014e-308', '1.7976931348623157e308', '-1.7976931348623157e308', '9007199254740993', '1e21', '1e-7', '123456789012345680', '3098595963677577.5', '901688281524.4403', '1e15', '999999999999999', '1e-15', '9.999999999999998e-15', '1e-16', '4503599627370495.5'];
const FLOATS = ['0', '-0e0', '1', '-1', '0.1', '1.401298464324817e-45', '1.17549435e-38', '3.402823466e38', '-3.402823466e38', '16777216', '16777217', '1e10', '1e-7'];

/** All digits of a float. A sum would lose the sign of zero. */
const widened = (name: string): string => `${name} * 1e0`;
const FLOAT_LOOKS: readonly Look[] = [{ as: 'number', shown: widened, same: sameFloat }, { as: 'float-number', shown: widened, same: sameFloat }];

/** How floating point numbers are looked at. */
export const numberLooks: Readonly<Record<'float' | 'double', readonly Look[]>> = {
  float: [...FLOAT_LOOKS, { as: 'text', shown: asIs, same: sameWhereTold }],
  double: [{ as: 'number', shown: asIs }, { as: 'text', shown: asIs }, { as: 'float-number', shown: asIs, same: sameDouble }],
};

/** Doubles around the places where the server's text begins to have an exponent, and whole ones of every size. */
const NEAR: readonly ((pick: Pick) => string)[] = [
  (pick) => `${1 + pick(4)}${digits(pick, 15)}.${oneOf(pick, ['5', '25', '75', '125', '0'])}e0`,
  (pick) => `${1 + pick(9)}.${digits(pick, pick(17))}e${oneOf(pick, [-17, -16, -15, -14, -7, -6, -5, 13, 14, 15, 16, 17, 20, 21, 22])}`,
  (pick) => `-${1 + pick(9)}${digits(pick, pick(22))}${'0'.repeat(pick(4))}e0`,
];

function reals(): RandomColumn[] {
  const { float, double } = numberLooks;
  const number = (pick: Pick, exponent: number): string => `${pick(2) === 0 ? '-' : ''}${pick(10)}.${digits(pick, 1 + pick(17))}e${pick(2 * exponent) - exponent}`;
  return [
    column('float', (pick) => number(pick, 44), { edges: FLOATS, looks: float }),
    column('double', (pick) => number(pick, 307), { edges: DOUBLES, looks: double }),
    column('double', (pick) => oneOf(pick, NEAR)(pick), { name: 'c_near', looks: double }),
    column('float unsigned', (pick) => number(pick, 10), { edges: FLOATS, looks: float }),
    column('float(7,3)', (pick) => number(pick, 5), { looks: FLOAT_LOOKS }),
    column('double(20,5)', (pick) => number(pick, 14), { looks: [{ as: 'number', shown: asIs, same: sameToFiveDigits }, { as: 'float-number', shown: asIs, same: sameToFiveDigits }] }),
  ];
}

/** Every width of BIT. */
function bitFields(): RandomColumn[] {
  const asNumber = (name: string): string => `cast(${name} as unsigned)`;
  const sameBits: Same = (ours, server) => Buffer.from(Buffer.from(ours.slice(1, -1), 'base64').reverse()).toString('hex') === BigInt(server).toString(16).padStart(Buffer.from(ours.slice(1, -1), 'base64').length * 2, '0');
  return Array.from({ length: 64 }, (_, i) => {
    const most = 2n ** BigInt(i + 1) - 1n;
    return column(`bit(${i + 1})`, (pick) => String(bits(pick, i + 1)), {
      edges: [0n, 1n, most, most - 1n, (most + 1n) / 2n].map(String),
      looks: [
        { as: 'number', shown: asNumber },
        { as: 'safe-number', shown: asNumber, same: sameSafe },
        { as: 'boolean', shown: asNumber, same: sameTruth },
        { as: 'base64-bits', shown: asNumber, same: sameBits },
      ],
    });
  });
}

/** Columns that the server computes, kept or not. */
function generated(kind: string): RandomColumn[] {
  if (kind === 'mysql56') return [];
  const stored = kind === 'mariadb' ? 'persistent' : 'stored';
  return [
    column('int generated always as (c_smallint * 3 - 1) virtual', null, { name: 'g_virtual', looks: WHOLE }),
    column(`decimal(40,5) generated always as (c_bigint / 7) ${stored}`, null, { name: 'g_stored' }),
    column(`varchar(40) generated always as (concat('<', c_int, '>')) ${stored}`, null, { name: 'g_text' }),
  ];
}

/** Every kind of number. */
export function numberColumns(kind: string, pick: Pick): RandomColumn[] {
  return [...integers(), ...zerofilled(), ...decimals(pick), ...reals(), ...generated(kind)];
}

export const bitColumns = bitFields;
