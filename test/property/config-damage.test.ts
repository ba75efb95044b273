import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';

const SEED = Number(process.env['ROWCAST_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const INPUTS = 20_000;
/** Milliseconds for them on a busy machine. */
const PATIENCE = 120_000;

const [LITERAL, FROM_ENV, FROM_FILE] = ['l1teral-s3cret', 'envir0nment-s3cret', 'f1le-s3cret'];
const ENV = { MYSQL_PASSWORD: FROM_ENV, KAFKA_PASSWORD: FROM_ENV, MASKING_KEY: FROM_ENV, BROKERS: 'b:9092', HTTP_PORT: '9464' };

/** The examples, and one that has a secret of each kind. */
const FILES = [
  ...['minimal', 'file-sink', 'routes', 'kafka-tls-sasl'].map((name) => readFileSync(new URL(`../../config/${name}.yaml`, import.meta.url), 'utf8')),
  `name: shop
source:
  password: ${LITERAL}
  host: db
  user: rowcast
  tls: { mode: verify-ca, ca_file: /etc/ca.pem }
sink:
  type: kafka
  brokers: [k1:9092]
  sasl: &login { mechanism: plain, username: u, password: "${LITERAL}" }
checkpoint: { type: mysql, server: { host: c, password: "\${MYSQL_PASSWORD}" } }
masking: { key: !file /run/key }
routes:
  - tables: [shop.*]
    where: row.id > 1
    columns: { mask: { email: sha256 } }
limits: { memory: 16MiB }
log: { level: info }
`,
];

/** What is put into files: everything that means something in YAML, and values of other kinds. */
const PIECES = [
  ':', ': ', '- ', '? ', '[', ']', '{', '}', ',', '#', ' #', '&a ', '*a', '*login', '!file ', '!!binary ', '!x ', '|\n', '>-\n', '"', "'", '\\', '\t', '\n', '\r', '\0', '\u2028', '\ufeff', '😀', '---\n', '...\n', '%YAML 1.1\n',
  '<<: *login', 'null', '~', 'true', '.nan', '-.inf', '1e999', '0x1f', '00', '-1', '99999999999999999999', '1h', '64MiB', '{}', '[]', '[[[[', '{a: {b: ', '${', '${MYSQL_PASSWORD}', '${NONE}', '${NONE:-x}', '$${', 'password: ', 'password_file: ', '__proto__: ', 'constructor: ', 'type: ', '  ', '    ',
];

/** Numbers from 0 below 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A file with one to four changes. */
function damaged(random: () => number): string {
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  let text = one(FILES);
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(text.length + 1);
    const length = below(random() < 0.8 ? 8 : 200);
    const lines = text.split('\n');
    const line = below(lines.length);
    text = [
      () => text.slice(0, at) + text.slice(at + length),
      () => text.slice(0, at) + one(PIECES) + text.slice(at),
      () => text.slice(0, at) + one(PIECES) + text.slice(at + length),
      () => text.slice(0, at) + text.slice(at, at + length).repeat(1 + below(3)) + text.slice(at + length),
      () => text.slice(0, at) + one(FILES).slice(below(300)),
      () => lines.toSpliced(line, 1).join('\n'),
      () => lines.toSpliced(line, 0, lines[below(lines.length)] ?? '').join('\n'),
      () => lines.with(line, `${' '.repeat(below(6))}${(lines[line] ?? '').trimStart()}`).join('\n'),
      () => lines.with(line, (lines[line] ?? '').replace(/: .*/, `: ${one(PIECES)}`)).join('\n'),
      () => text.slice(0, at),
    ][below(10)]?.() ?? text;
  }
  return text;
}

/** What is wrong with the answer to a text; nothing, where that is a configuration, or problems that stand in it and keep its secrets. */
function faultsOf(text: string, readable: { yes: number; no: number }): string[] {
  const { config, problems } = parseConfig(text, { path: 'f', env: ENV, readFile: () => FROM_FILE });
  readable[config === null ? 'no' : 'yes']++;
  const told = JSON.stringify(problems);
  const lines = text.split('\n');
  const faults = [FROM_ENV, FROM_FILE].filter((secret) => told.includes(secret)).map((secret) => `shows ${secret}`);
  // As long as nobody can doubt that it is one.
  if (told.includes(LITERAL) && lines.every((line) => !line.includes(LITERAL) || /^ +(password: |sasl: &login \{ mechanism: plain, username: u, password: ")l1teral-s3cret("? \}|)$/.test(line))) faults.push('shows the literal secret');
  if ((config === null) !== problems.length > 0) faults.push('neither a configuration nor a problem, or both');
  for (const { code, where, message, repair } of problems) {
    const [, line = 0, column = 0] = /^f:(\d+):(\d+)$/.exec(where ?? '')?.map(Number) ?? [];
    if (code !== 'CONFIG_INVALID' || message === '' || repair === '') faults.push(`no code or no words: ${code} ${message}`);
    if (line < 1 || line > lines.length || column < 1 || column > (lines[line - 1]?.length ?? 0) + 2) faults.push(`stands nowhere: ${String(where)}`);
  }
  return faults;
}

describe('reading a damaged configuration', () => {
  it(`never throws, tells where, and keeps secrets: ${INPUTS} files, seed ${SEED}`, () => {
    const random = randomOf(SEED);
    const readable = { yes: 0, no: 0 };
    for (let input = 0; input < INPUTS; input++) {
      const text = damaged(random);
      let faults: string[];
      try {
        faults = faultsOf(text, readable);
      } catch (error) {
        faults = [String(error)];
      }
      expect(faults, JSON.stringify(text)).toEqual([]);
    }
    // Damage that is no damage shows that the others are not refused for the wrong reason.
    expect(Math.min(readable.yes, readable.no)).toBeGreaterThan(INPUTS / 100);
  }, PATIENCE);
});
