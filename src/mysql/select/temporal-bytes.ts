/** Dates and times as the server prints them, in the bytes that row images have since MySQL 5.6.4. */

/** Three bytes, little-endian: year << 9 | month << 5 | day. */
export function dateBytes(text: string): Buffer {
  const [year, month, day] = datePart(text);
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE((year << 9) | (month << 5) | day, 0, 3);
  return bytes;
}

/** A bit for the sign, year · 13 + month, day, hour, minute and second, then the fraction; big-endian. */
export function datetimeBytes(text: string, fraction: number): Buffer {
  const [date = '', time = ''] = text.split(' ');
  const [year, month, day] = datePart(date);
  const { hour, minute, second, part } = timePart(time);
  const bytes = Buffer.alloc(5 + extraOf(fraction));
  const high = ((1 << 17) | (year * 13 + month)) * 64 + day * 2 + (hour >> 4);
  bytes.writeUIntBE(high, 0, 3);
  bytes.writeUInt16BE(((hour & 15) << 12) | (minute << 6) | second, 3);
  putFraction(bytes, 5, part, fraction);
  return bytes;
}

/** Seconds since 1970, then the fraction; big-endian. The zero timestamp is 0. */
export function timestampBytes(text: string, fraction: number): Buffer {
  const bytes = Buffer.alloc(4 + extraOf(fraction));
  const [date = '', time = ''] = text.split(' ');
  if (date === '0000-00-00') return bytes;
  const { part } = timePart(time);
  bytes.writeUInt32BE(Date.parse(`${date}T${time.slice(0, 8)}Z`) / 1000, 0);
  putFraction(bytes, 4, part, fraction);
  return bytes;
}

/** hour << 12 | minute << 6 | second and the fraction as one big-endian number, biased by half its range. */
export function timeBytes(text: string, fraction: number): Buffer {
  const negative = text.startsWith('-');
  const { hour, minute, second, part } = timePart(text.replace('-', ''));
  const extra = extraOf(fraction);
  const unit = 256 ** extra;
  const magnitude = ((hour << 12) | (minute << 6) | second) * unit + scaled(part, fraction);
  const bytes = Buffer.alloc(3 + extra);
  bytes.writeUIntBE(0x800000 * unit + (negative ? -magnitude : magnitude), 0, 3 + extra);
  return bytes;
}

function datePart(text: string): [number, number, number] {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return [year, month, day];
}

function timePart(text: string): { hour: number; minute: number; second: number; part: string } {
  const [whole = '', part = ''] = text.split('.');
  const [hour = 0, minute = 0, second = 0] = whole.split(':').map(Number);
  return { hour, minute, second, part };
}

/** Bytes of so many digits after the second. */
function extraOf(fraction: number): number {
  return (fraction + 1) >> 1;
}

function scaled(part: string, fraction: number): number {
  return Number(part.padEnd(extraOf(fraction) * 2, '0').slice(0, extraOf(fraction) * 2));
}

function putFraction(bytes: Buffer, at: number, part: string, fraction: number): void {
  if (fraction > 0) bytes.writeUIntBE(scaled(part, fraction), at, extraOf(fraction));
}
