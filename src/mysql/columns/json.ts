import { ByteWriter } from '../../core/byte-writer.ts';
import { fill } from '../../core/projection.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { lengthPrefix } from './fixed-width.ts';
import { COMPACT, DEBEZIUM, SERVER } from './json-dialect.ts';
import type { JsonDialect } from './json-dialect.ts';
import { JsonPrinter } from './json-document.ts';
import { quoted } from './quoted.ts';

/**
 * JSON: a length of `prefix` bytes, then MySQL's binary document. `text` and `string` are as the server prints it,
 * `inline` has no blanks, `compact-inline` and `compact-string` are printed as Debezium does.
 */
export function jsonCodec(prefix: number): ColumnCodec {
  const text = documentWriter(prefix, SERVER, false);
  return {
    skip: (bytes, at) => at + prefix + lengthPrefix(bytes, at, prefix),
    read(bytes, at) {
      const scratch = new ByteWriter(256);
      fill(scratch, (out) => text(bytes, at, out));
      return scratch.view().toString('utf8');
    },
    writer(as) {
      if (as === 'text') return text;
      if (as === 'string') return documentWriter(prefix, SERVER, true);
      if (as === 'inline') return documentWriter(prefix, COMPACT, false);
      if (as === 'compact-inline') return documentWriter(prefix, DEBEZIUM, false);
      return as === 'compact-string' ? documentWriter(prefix, DEBEZIUM, true) : undefined;
    },
  };
}

/** A document as such, or as a JSON string. */
function documentWriter(prefix: number, dialect: JsonDialect, string: boolean): ColumnWriter {
  const printer = new JsonPrinter(dialect, string);
  const document: ColumnWriter = (bytes, at, out) => {
    const start = at + prefix;
    const end = start + lengthPrefix(bytes, at, prefix);
    printer.print(bytes, start, end, out);
    return end;
  };
  return string ? quoted(document) : document;
}
