import type { Look, Pick, RandomColumn, Same } from './random.ts';
import { asString, asText, column, digits, oneOf, quoted } from './random.ts';

const FRACTIONS = [0, 1, 2, 3, 4, 5, 6] as const;

const two = (number: number): string => String(number).padStart(2, '0');
const clock = (pick: Pick): string => `${two(pick(24))}:${two(pick(60))}:${two(pick(60))}`;
const named = (name: string, count: number): string => (count === 0 ? name : `${name}(${count})`);
const fraction = (pick: Pick, count: number): string => (count === 0 ? '' : `.${digits(pick, count)}`);

/** Days of all months, zero and partial dates, and days that are none. */
function day(pick: Pick): string {
  const year = String(pick(20) === 0 ? 0 : 1 + pick(9999)).padStart(4, '0');
  return `${year}-${two(pick(10) === 0 ? 0 : 1 + pick(12))}-${two(pick(10) === 0 ? 0 : 1 + pick(31))}`;
}

const DAYS = ['0000-00-00', '2024-00-00', '2024-01-00', '2024-02-31', '2023-02-29', '2024-02-29', '1900-02-29', '0000-01-01', '0001-01-01', '1000-01-01', '1969-12-31', '1970-01-01', '9999-12-31'];
const MOMENTS = [...DAYS.map((date) => `${date} 00:00:00`), '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00.000001', '0000-00-00 12:34:56.5'];
const INSTANTS = ['0000-00-00 00:00:00', '1970-01-01 00:00:01', '1970-01-01 00:00:01.000001', '2001-09-09 01:46:40', '2038-01-19 03:14:07.999999', '2106-02-07 06:28:15', '2000-02-29 23:59:59.5'];
const TIMES = ['00:00:00', '-00:00:00.000001', '00:00:00.000001', '838:59:59', '-838:59:59', '838:59:58.999999', '-838:59:58.999999', '24:00:00', '-24:00:01.5', '-25:30:00.25', '99:59:59.999999', '-100:00:00', '-00:00:01'];

/** Microseconds from 1970 to a day that is one, by the calendar of JavaScript. */
function microsOf(text: string): bigint | null {
  const [, date = '', time = '00:00:00', part = ''] = /^(\S+)(?: ([\d:]+)(?:\.(\d+))?)?$/.exec(text) ?? [];
  const moment = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== date) return null;
  return BigInt(moment) * 1000n + BigInt(part.padEnd(6, '0'));
}

const sameMicros: Same = (ours, server) => ours === String(microsOf(server));
const sameMillis: Same = (ours, server) => {
  const micros = microsOf(server);
  return ours === (micros === null ? 'null' : String((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n));
};
const sameDays: Same = (ours, server) => {
  const micros = microsOf(server);
  return ours === (micros === null ? 'null' : String(micros / 86_400_000_000n));
};
const sameIso: Same = (ours, server) => ours === (microsOf(server) === null ? 'null' : `"${server.replace(' ', 'T')}Z"`);
const sameTime: Same = (ours, server) => {
  const [, sign = '', hours = '', minutes = '', seconds = '', part = ''] = /^(-?)(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(server) ?? [];
  const total = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000n + BigInt(part.padEnd(6, '0'));
  return ours === String(sign === '-' ? -total : total);
};

const text: Look = { as: 'text', shown: asText };
const MOMENT: readonly Look[] = [
  text,
  { as: 'epoch-micros', shown: asText, same: sameMicros },
  { as: 'epoch-millis', shown: asText, same: sameMillis },
  { as: 'iso-utc', shown: asText, same: sameIso },
];

/** DATE, TIME, DATETIME, TIMESTAMP and YEAR with every number of digits. */
export function timeColumns(): RandomColumn[] {
  const each = FRACTIONS.flatMap((count) => [
    column(named('time', count), (pick) => `'${oneOf(pick, ['', '-'])}${pick(839)}:${two(pick(60))}:${two(pick(60))}${fraction(pick, count)}'`, {
      edges: quoted(TIMES),
      looks: [text, { as: 'string', shown: asText, same: asString }, { as: 'time-micros', shown: asText, same: sameTime }],
    }),
    column(named('datetime', count), (pick) => `'${day(pick)} ${clock(pick)}${fraction(pick, count)}'`, { edges: quoted(MOMENTS), looks: MOMENT }),
    column(`${named('timestamp', count)} null`, (pick) => `'${1970 + pick(69)}-${two(1 + pick(12))}-${two(1 + pick(28))} ${clock(pick)}${fraction(pick, count)}'`, { edges: quoted(INSTANTS), looks: MOMENT }),
  ]);
  return [
    ...each,
    column('date', (pick) => `'${day(pick)}'`, { edges: quoted(DAYS), looks: [text, { as: 'epoch-days', shown: asText, same: sameDays }] }),
    column('year', (pick) => String(1901 + pick(255)), { edges: ['0', '1901', '2155', '70', '69'], looks: [text, { as: 'number', shown: (name) => asText(`${name} + 0`) }] }),
  ];
}
