import type { Config } from '../../config/compile.ts';
import { DataReader } from '../../verify/formats/data.ts';
import { EnvelopeReader } from '../../verify/formats/envelope.ts';
import { FlatReader } from '../../verify/formats/flat.ts';
import type { MessageReader } from '../../verify/formats/reader.ts';

/** A format as the configuration has it. */
export type WrittenFormat = Config['format'];

/** Reads the messages of a format. */
export function readerOf(format: WrittenFormat): MessageReader {
  switch (format.type) {
    case 'plain':
      return new EnvelopeReader({ inside: null, database: 'database', table: 'table' });
    case 'cloudevents':
      return new EnvelopeReader({ inside: format.mode === 'structured' ? 'data' : null, database: 'database', table: 'table' });
    case 'debezium': {
      const inside = format.schemas ? 'payload' : null;
      return format.flat === null ? new EnvelopeReader({ inside, database: 'db', table: 'table' }) : new FlatReader(inside);
    }
    case 'maxwell':
    case 'canal':
      return new DataReader();
  }
}

/** The field of a message key that holds it; null: it is the key. */
export function keyInside(format: WrittenFormat): string | null {
  return format.type === 'debezium' && format.schemas ? 'payload' : null;
}
