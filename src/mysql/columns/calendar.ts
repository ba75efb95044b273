/** The proleptic Gregorian calendar in days since 1970-01-01, by the well-known era arithmetic (400 years are 146,097 days). */

const DAYS_TO_EPOCH = 719_468;
const DAYS_OF_ERA = 146_097;
const LONG_MONTHS = 0b1010110101010;

/** Days since 1970-01-01 of a date with year 0 to 9999, month 1 to 12. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = (((y + 400) / 400) | 0) - 1;
  const yearOfEra = y - era * 400;
  const shifted = month > 2 ? month - 3 : month + 9;
  const dayOfYear = (((153 * shifted + 2) / 5) | 0) + day - 1;
  const dayOfEra = yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear;
  return era * DAYS_OF_ERA + dayOfEra - DAYS_TO_EPOCH;
}

/** Whether a date names a day; false for zero and partial dates, and for such as 31 February, which MySQL can be told to allow. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month === 0 || day === 0 || month > 12) return false;
  if (day <= 28) return true;
  if (month === 2) return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= 30 || (day === 31 && ((LONG_MONTHS >> month) & 1) === 1);
}

/** The date of a day since 1970-01-01 (not before it), as year << 9 | month << 5 | day. */
export function packedDate(days: number): number {
  const z = days + DAYS_TO_EPOCH;
  const era = (z / DAYS_OF_ERA) | 0;
  const dayOfEra = z - era * DAYS_OF_ERA;
  const yearOfEra = ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0));
  const shifted = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * shifted + 2) / 5) | 0) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return ((yearOfEra + era * 400 + (month <= 2 ? 1 : 0)) << 9) | (month << 5) | day;
}
