/** Opens and closes sources, then does nothing more: the process ends by itself when nothing of them is left. */
import { Secret } from '../../src/core/secret.ts';
import { optionsFor, reading, refused, sourceOf } from './source-support.ts';

// MySQL 5.6 does not name columns, and the creation of a captured table ends its stream: begin after it.
const [file = '', position = ''] = process.argv.slice(3);
const server = { host: '127.0.0.1', port: Number(process.argv[2]) };
const say = (text: string): void => void process.stdout.write(`${text}\n`);

say(await refused(optionsFor({ ...server, port: 1 })));
say(await refused(optionsFor(server, { user: 'nobody-of-that-name', password: new Secret('no') })));
say(await refused(optionsFor(server), { file: 'elsewhere.000001', position: 4 }));
await reading({ options: optionsFor(server), from: { file, position: Number(position) } }, async (_, recorder) => {
  await recorder.until(1);
  say(`read ${recorder.seen[0] ?? ''}`);
});
await reading({ options: optionsFor(server), from: 'latest' }, (stream) => {
  stream.pause();
  return Promise.resolve();
});
const source = sourceOf(optionsFor(server));
const stream = await source.open('latest', { notice: () => undefined, table: () => undefined, begin: () => undefined, rows: () => undefined, commit: () => undefined });
await source.serverEnd();
await stream.close();
say('closed');
