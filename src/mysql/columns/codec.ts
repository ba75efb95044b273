import { RowcastError } from '../../core/errors.ts';
import type { ColumnCodec, ColumnType } from '../../core/table.ts';
import { binaryCodec, bytesWriter, copyOf, fixedBinaryCodec } from './binary.ts';
import { bitCodec } from './bit.ts';
import { charsetOf, textOfBytes } from './charsets.ts';
import { compressedCodec } from './compressed.ts';
import { dateCodec } from './date.ts';
import { datetimeCodec } from './datetime.ts';
import type { DatetimeForm } from './datetime.ts';
import { hiresDatetime, hiresTimestamp, legacyDatetime, legacyTimestamp, packedDatetime, packedTimestamp } from './datetime-forms.ts';
import { decimalCodec } from './decimal.ts';
import { enumCodec, setCodec } from './enum-set.ts';
import { doubleCodec, floatCodec } from './float.ts';
import { integerCodec } from './integer.ts';
import { jsonCodec } from './json.ts';
import { inet4Codec, inet6Codec, uuidCodec } from './mariadb.ts';
import { geometryCodec } from './spatial.ts';
import type { ColumnStorage } from './storage.ts';
import { textCodec, textWriter } from './text.ts';
import { jsonTextCodec } from './text-json.ts';
import type { TimeForm } from './time.ts';
import { hiresTime, legacyTime, packedTime, timeCodec } from './time.ts';
import { vectorCodec } from './vector.ts';
import { yearCodec } from './year.ts';

type TemporalType = Extract<ColumnType, { readonly fraction: number }>;

/** The codec of a type in a form of storage. A character set that cannot be read gives a codec that only skips. */
export function columnCodec(type: ColumnType, storage: ColumnStorage): ColumnCodec {
  switch (type.family) {
    case 'integer':
      return integerCodec(type.bytes, type.unsigned);
    case 'decimal':
      return decimalCodec(type.precision, type.scale);
    case 'float':
      return floatCodec;
    case 'double':
      return doubleCodec;
    case 'bit':
      return bitCodec(type.bits);
    case 'year':
      return yearCodec;
    case 'date':
      return dateCodec;
    case 'time':
      return timeCodec(timeForm(type));
    case 'datetime':
    case 'timestamp':
      return datetimeCodec(type.family === 'datetime' ? datetimeForm(type) : timestampForm(type));
    case 'enum':
      return enumCodec(storage.size === 1 ? 1 : 2, type.labels);
    case 'set':
      return setCodec(storage.size, type.labels);
    default:
      return lengthyCodec(type, storage);
  }
}

/** A codec that can skip the values of `codec` and refuses to show them. */
export function skippingCodec(codec: ColumnCodec, refuse: () => RowcastError): ColumnCodec {
  return {
    skip: (bytes, at) => codec.skip(bytes, at),
    read() {
      throw refuse();
    },
    writer() {
      throw refuse();
    },
  };
}

type LengthyType = Extract<ColumnType, { readonly family: 'text' | 'binary' | 'json' | 'geometry' | 'vector' | 'uuid' | 'inet4' | 'inet6' }>;

function lengthyCodec(type: LengthyType, storage: ColumnStorage): ColumnCodec {
  const { prefix } = storage;
  switch (type.family) {
    case 'text':
      return type.json === true && charsetOf(type.charset)?.kind === 'utf8' && !storage.compressed ? jsonTextCodec(prefix, charsetCodec(storage, type.charset)) : charsetCodec(storage, type.charset);
    case 'binary':
      if (storage.compressed) return compressedCodec(prefix, { writer: bytesWriter, read: copyOf });
      return type.fixed ? fixedBinaryCodec(prefix, type.maxBytes) : binaryCodec(prefix);
    case 'json':
      return jsonCodec(prefix);
    case 'geometry':
      return geometryCodec(prefix, type.shape);
    case 'vector':
      return vectorCodec(prefix);
    case 'uuid':
      return uuidCodec(prefix);
    case 'inet4':
      return inet4Codec(prefix);
    case 'inet6':
      return inet6Codec(prefix);
  }
}

function charsetCodec(storage: ColumnStorage, name: string): ColumnCodec {
  const { prefix, compressed } = storage;
  const charset = charsetOf(name);
  if (charset !== undefined && compressed) {
    return compressedCodec(prefix, { writer: (as) => textWriter(charset, as), read: (bytes) => textOfBytes(charset, bytes) });
  }
  if (charset !== undefined) return textCodec(prefix, charset);
  return skippingCodec(binaryCodec(prefix), () => {
    const hint = 'Leave the column out of the route, or convert it to utf8mb4.';
    return new RowcastError('EVENT_UNSUPPORTED', `text in character set ${name} cannot be read by this version`, { hint });
  });
}

function timeForm(type: TemporalType): TimeForm {
  if (!type.legacy) return packedTime(type.fraction);
  return type.fraction === 0 ? legacyTime : hiresTime(type.fraction);
}

function datetimeForm(type: TemporalType): DatetimeForm {
  if (!type.legacy) return packedDatetime(type.fraction);
  return type.fraction === 0 ? legacyDatetime : hiresDatetime(type.fraction);
}

function timestampForm(type: TemporalType): DatetimeForm {
  if (!type.legacy) return packedTimestamp(type.fraction);
  return type.fraction === 0 ? legacyTimestamp() : hiresTimestamp(type.fraction);
}
