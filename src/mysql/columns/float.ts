import type { ByteWriter } from '../../core/byte-writer.ts';
import type { ColumnCodec, ColumnWriter } from '../../core/table.ts';
import { fixedWidth, float32le, float64le } from './fixed-width.ts';
import { writeJavaDouble, writeJavaFloat } from './java-text.ts';
import { writeDouble, writeFloat, writePointedDouble, writePointedFloat } from './number-text.ts';
import { quoted } from './quoted.ts';

type Print = (value: number, out: ByteWriter) => void;

/** FLOAT: four bytes, IEEE 754, little-endian. */
export const floatCodec = realCodec(4, float32le, { plain: writeFloat, pointed: writePointedFloat, java: writeJavaFloat });

/** DOUBLE: eight bytes, IEEE 754, little-endian. */
export const doubleCodec = realCodec(8, float64le, { plain: writeDouble, pointed: writePointedDouble, java: writeJavaDouble });

function realCodec(width: number, read: (bytes: Uint8Array, at: number) => number, print: { plain: Print; pointed: Print; java: Print }): ColumnCodec {
  const writerOf = (write: Print): ColumnWriter => {
    return (bytes, at, out) => {
      write(read(bytes, at), out);
      return at + width;
    };
  };
  return {
    ...fixedWidth(width),
    read: (bytes, at) => read(bytes, at),
    writer(as) {
      if (as === 'text' || as === 'number') return writerOf(print.plain);
      if (as === 'string') return quoted(writerOf(print.plain));
      if (as === 'java-number') return writerOf(print.java);
      return as === 'float-number' ? writerOf(print.pointed) : undefined;
    },
  };
}
