import type { Writable } from 'node:stream';
import { Writable as WritableBase } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { prettyChange } from './pretty-change.ts';
import type { Paint } from './terminal.ts';

/** Takes JSON Lines and writes a readable line for each to `output`; waits while `output` is full. */
export function prettyChanges(output: Writable, paint: Paint): Writable {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new WritableBase({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      const shown = lines.map((json) => `${prettyChange(json, paint)}\n`).join('');
      if (shown === '') done();
      else output.write(shown, done);
    },
    final(done) {
      if (rest === '') done();
      else output.write(`${prettyChange(rest, paint)}\n`, done);
    },
  });
}
