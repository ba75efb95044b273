import type { ByteWriter } from '../../core/byte-writer.ts';
import { ofOperation } from '../../core/change.ts';
import type { RowMessage } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';
import { JSON_NULL, jsonStringBytes, writeJsonText } from '../../core/json-text.ts';
import { mayShowQuery } from '../query-text.ts';
import { writeMicros, writeMillis, writeNanos } from '../times.ts';
import { SOURCE_FIELDS } from './connect-schema.ts';
import type { ConnectSchema, SchemaGround } from './connect-schema.ts';

/** Writes the value of one field of the envelope, its source or its transaction as JSON. */
type FieldWriter = (message: RowMessage, out: ByteWriter) => void;

/** A field of the envelope that is put beside the columns of a flat row, or into a header. */
export interface AddedField {
  /** Its name there, prefix and all. */
  readonly name: string;
  /** Without a name: `{"type":…,"optional":true}`. */
  readonly schema: ConnectSchema;
  readonly write: FieldWriter;
}

/** A field by the struct that holds it. */
interface Reference {
  readonly struct: 'envelope' | 'source' | 'transaction';
  readonly field: string;
  readonly name: string;
}

const STRING = { type: 'string', optional: true };
const INT64 = { type: 'int64', optional: true };
const LETTERS = { insert: Buffer.from('"c"'), update: Buffer.from('"u"'), delete: Buffer.from('"d"') } as const;
const ENVELOPE = new Set(['op', 'ts_ms', 'ts_us', 'ts_ns']);

/** `op`, `source.ts_ms`, `table` (of the source), `transaction.id`, each perhaps with `:new_name`. @throws RowcastError CONFIG_INVALID */
export function addedField(spec: string, prefix: string, ground: SchemaGround): AddedField {
  const { struct, field, name } = parse(spec, prefix);
  const found = struct === 'envelope' ? envelopeField(field, ground) : struct === 'source' ? sourceField(field, ground) : transactionField(field, ground);
  if (found === undefined) throw new RowcastError('CONFIG_INVALID', `the envelope has no field ${spec}`);
  return { name, ...found };
}

/** As the transform reads it: a bare name that the envelope itself does not have is one of its source. */
function parse(spec: string, prefix: string): Reference {
  const [path = '', renamed] = spec.split(':');
  const [first = '', second] = path.split('.');
  const struct = second === undefined ? (ENVELOPE.has(first) ? 'envelope' : 'source') : first === 'transaction' ? 'transaction' : 'source';
  const name = renamed ?? (second === undefined ? first : `${first}_${second}`);
  return { struct, field: second ?? first, name: prefix + name };
}

type Found = Omit<AddedField, 'name'>;

function envelopeField(field: string, { context: { clock } }: SchemaGround): Found | undefined {
  switch (field) {
    case 'op':
      return { schema: STRING, write: ({ operation }, out) => out.raw(ofOperation(LETTERS, operation)) };
    case 'ts_ms':
      return { schema: INT64, write: (_message, out) => writeMillis(clock.nowMicros(), out) };
    case 'ts_us':
      return { schema: INT64, write: (_message, out) => writeMicros(clock.nowMicros(), out) };
    case 'ts_ns':
      return { schema: INT64, write: (_message, out) => writeNanos(clock.nowMicros(), out) };
    default:
      return undefined;
  }
}

function transactionField(field: string, { options }: SchemaGround): Found | undefined {
  const told = options.transactionTopic !== null;
  const of = (write: FieldWriter): FieldWriter => (told ? write : writeNull);
  if (field === 'id') return { schema: STRING, write: of(({ event }, out) => writeJsonText(event.transaction.id, out)) };
  if (field === 'total_order') return { schema: INT64, write: of(({ order }, out) => out.integer(order)) };
  return field === 'data_collection_order' ? { schema: INT64, write: of(({ tableOrder }, out) => out.integer(tableOrder)) } : undefined;
}

/** The transform makes every added field optional, and shows `snapshot` as null where it is its default. */
function sourceField(field: string, ground: SchemaGround): Found | undefined {
  const declared = SOURCE_FIELDS.find((each) => each['field'] === field);
  const write = sourceWriter(field, ground);
  if (declared === undefined || write === undefined) return undefined;
  const kept = Object.entries(declared).filter(([key]) => key !== 'field' && key !== 'default');
  return { schema: { ...Object.fromEntries(kept), optional: true }, write };
}

function sourceWriter(field: string, ground: SchemaGround): FieldWriter | undefined {
  const { context, projection } = ground;
  const fixed: Readonly<Record<string, string>> = {
    version: context.version,
    connector: context.connector,
    name: context.serverName,
    db: projection.table.database,
    table: projection.table.name,
  };
  const text = fixed[field];
  return text === undefined ? eventWriter(field, mayShowQuery(projection)) : constant(jsonStringBytes(text));
}

function eventWriter(field: string, showQuery: boolean): FieldWriter | undefined {
  switch (field) {
    case 'ts_ms':
      return ({ event }, out) => writeMillis(event.transaction.committedMicros, out);
    case 'ts_us':
      return ({ event }, out) => writeMicros(event.transaction.committedMicros, out);
    case 'ts_ns':
      return ({ event }, out) => writeNanos(event.transaction.committedMicros, out);
    case 'server_id':
      return ({ event }, out) => out.integer(event.transaction.serverId);
    case 'gtid':
      return ({ event }, out) => writeText(event.transaction.gtid, out);
    case 'file':
      return ({ event }, out) => writeJsonText(event.transaction.file, out);
    case 'pos':
      return ({ event }, out) => out.integer(event.position);
    case 'row':
      return ({ row }, out) => out.integer(row);
    case 'thread':
      return ({ event }, out) => writeNumber(event.transaction.threadId, out);
    case 'query':
      return ({ event }, out) => writeText(showQuery ? event.query : null, out);
    default:
      return field === 'snapshot' || field === 'sequence' ? writeNull : undefined;
  }
}

const writeNull: FieldWriter = (_message, out) => out.raw(JSON_NULL);

function constant(bytes: Buffer): FieldWriter {
  return (_message, out) => out.raw(bytes);
}

function writeText(text: string | null, out: ByteWriter): void {
  if (text === null) out.raw(JSON_NULL);
  else writeJsonText(text, out);
}

function writeNumber(value: number | null, out: ByteWriter): void {
  if (value === null) out.raw(JSON_NULL);
  else out.integer(value);
}
