import type { Parsed } from '../../../src/config/load.ts';
import { parseConfig } from '../../../src/config/load.ts';

/** Files that `!file` and `_file` find in these tests. */
const FILES = new Map([
  ['/run/secrets/mysql', 'hunter2\n'],
  ['/run/secrets/crlf', 'hunter3\r\n'],
  ['/run/secrets/two', 'a\n\n'],
  ['/etc/ca.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
  ['/etc/key.pem', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n'],
]);

export function parse(text: string, env: Readonly<Record<string, string>> = {}): Parsed {
  return parseConfig(text, {
    path: 'rowcast.yaml',
    env,
    readFile: (path) => {
      const contents = FILES.get(path);
      if (contents === undefined) throw new Error('ENOENT: no such file');
      return contents;
    },
  });
}

/** The problems of a text as a person reads them. */
export function problems(text: string, env?: Readonly<Record<string, string>>): string[] {
  return parse(text, env).problems.map(({ where, message, repair }) => `${where ?? ''} ${message} → ${repair}`);
}

/** A file that has all it needs; more keys go below. */
export const VALID = 'name: shop\nsource: { user: rowcast }\nroutes: [{ tables: ["shop.*"] }]\n';

/** The configuration in a text that must be valid. */
export function configOf(text: string, env?: Readonly<Record<string, string>>) {
  const { config, problems: found } = parse(text, env);
  if (config === null) throw new Error(found.map(({ where, message }) => `${where ?? ''} ${message}`).join('\n'));
  return config;
}
