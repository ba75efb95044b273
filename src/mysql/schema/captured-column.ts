import type { ColumnDefault } from '../../core/declaration.ts';
import type { Flavor } from '../binlog/options.ts';
import type { TrackedColumn } from './ddl/index.ts';
import type { Row } from './fields.ts';
import { isUnsigned, nullable, parseLabels, text, unescape } from './fields.ts';

/** A row of information_schema.COLUMNS as the tracked column that it is. */
export function toTrackedColumn(row: Row, flavor: Flavor, json: boolean): TrackedColumn {
  const columnType = text(row.column_type);
  const dataType = text(row.data_type).toLowerCase();
  const extra = text(row.extra).toUpperCase();
  const declared = { columnType, dataType, nullable: text(row.nullable) === 'YES', generated: /\bGENERATED\b|\bPERSISTENT\b|^VIRTUAL\b/u.test(extra), extra };
  const shown = nullable(row.dflt);
  return {
    name: text(row.name),
    columnType,
    dataType,
    nullable: declared.nullable,
    unsigned: isUnsigned(columnType),
    charset: nullable(row.charset),
    collation: nullable(row.collation),
    labels: dataType === 'enum' || dataType === 'set' ? parseLabels(columnType) : null,
    default: declared.generated ? null : flavor === 'mariadb' ? mariadbDefault(shown, declared) : mysqlDefault(shown, declared),
    comment: text(row.comment),
    autoIncrement: extra.includes('AUTO_INCREMENT'),
    generated: declared.generated,
    invisible: /\bINVISIBLE\b/u.test(extra),
    json: json && dataType === 'longtext',
  };
}

/** What the meaning of a default depends on. */
interface Declared {
  readonly columnType: string;
  readonly dataType: string;
  readonly nullable: boolean;
  /** EXTRA, upper case. */
  readonly extra: string;
}

/** MySQL does not tell a nullable column without a default from one with DEFAULT NULL. */
function mysqlDefault(shown: string | null, { columnType, dataType, nullable: mayBeNull, extra }: Declared): ColumnDefault | null {
  if (shown === null) return mayBeNull ? { kind: 'null' } : null;
  if (extra.includes('DEFAULT_GENERATED')) return { kind: 'expression', text: unescape(shown) };
  if (/^(?:timestamp|datetime)$/u.test(dataType) && /^CURRENT_TIMESTAMP(?:\(\d\))?$/u.test(shown)) return { kind: 'expression', text: shown };
  return { kind: 'literal', text: BINARY.test(dataType) ? hexadecimal(shown.startsWith('0x') ? Buffer.from(shown.slice(2), 'hex') : Buffer.from(shown), columnType) : shown };
}

/** MariaDB shows SQL: literals in quotes, NULL as a word. */
function mariadbDefault(shown: string | null, { columnType, dataType, nullable: mayBeNull }: Declared): ColumnDefault | null {
  if (shown === null || shown === 'NULL') return mayBeNull ? { kind: 'null' } : null;
  const quoted = /^'((?:[^'\\]|''|\\.)*)'$/su.exec(shown);
  if (quoted === null) return { kind: /^(?:-?\d[\d.]*(?:e[+-]?\d+)?|b'[01]*')$/iu.test(shown) ? 'literal' : 'expression', text: shown };
  const value = unescape(quoted[1] ?? '');
  return { kind: 'literal', text: BINARY.test(dataType) ? hexadecimal(Buffer.from(value), columnType) : value };
}

const BINARY = /^(?:var)?binary$|blob$/u;

/** BINARY(n) has n bytes; some servers leave out the zeros at their end. */
function hexadecimal(bytes: Buffer, columnType: string): string {
  const width = Number(/^binary\((\d+)\)/u.exec(columnType)?.[1] ?? 0);
  const digits = bytes.toString('hex').toUpperCase();
  return `0x${digits.padEnd(width * 2, '0')}`;
}
