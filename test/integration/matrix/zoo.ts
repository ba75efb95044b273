import type { GoldenTable } from '../types-golden.ts';

/** A table of the zoo: what it is made of, and the images that both formats must show, without the id. */
export interface ZooTable extends GoldenTable {
  /** Names of all columns but the id, with their declared types. */
  readonly declared: readonly (readonly [name: string, type: string])[];
  /** With the id. */
  readonly columnCount: number;
}

/** Text that a character set can hold, beyond ASCII. */
const WORDS: Readonly<Record<string, string>> = { utf8mb4: 'aé中😀"', latin1: 'aéÿ€"', gbk: 'aé中文"', utf16: 'aé中😀"' };

/** Every table of the golden file that the server has, and one whose character set is that of its database. */
export function zooTables(kind: string, charset: string, golden: readonly GoldenTable[]): ZooTable[] {
  const own = golden.filter(({ only }) => only === null || only.includes(kind));
  return [...own, words(WORDS[charset] ?? 'a')].map((table) => {
    const declared = columnsOf(table.definition);
    return { ...table, declared, columnCount: declared.length + 1 };
  });
}

function words(text: string): GoldenTable {
  const sql = `'${text}'`;
  const json = JSON.stringify(text);
  const shown = (s: string): string => `{"c":${json},"v":${json},"x":${json},"e":"é","s":${s}}`;
  return {
    name: 'words',
    definition: "c char(20), v varchar(60), x text, e enum('b','é'), s set('é','b')",
    columns: null,
    only: null,
    rows: [
      { values: `${sql}, ${sql}, ${sql}, 'é', 'é,b'`, plain: shown('["é","b"]'), debezium: shown('"é,b"') },
      { values: "'', '', '', 'b', ''", plain: '{"c":"","v":"","x":"","e":"b","s":[]}', debezium: '{"c":"","v":"","x":"","e":"b","s":""}' },
    ],
  };
}

/** Name and type of each column of a definition. */
function columnsOf(definition: string): [string, string][] {
  return splitTop(definition).map((part) => {
    const [, quoted, bare, type = ''] = /^(?:`([^`]*)`|(\S+))\s+(.*)$/.exec(part.trim()) ?? [];
    return [quoted ?? bare ?? '', type];
  });
}

/** The parts between commas that are in no brackets and no quotes. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') quote = character === quote && text[at - 1] !== '\\' ? '' : quote;
    else if (character === "'" || character === '`') quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    if (character !== ',' || depth > 0 || quote !== '') continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

/** The members of a JSON object as they are written, by name. */
export function members(json: string): Map<string, string> {
  const found = new Map<string, string>();
  let at = 1;
  while (at < json.length - 1) {
    const colon = endOfValue(json, at);
    const name = JSON.parse(json.slice(at, colon)) as string;
    const end = endOfValue(json, colon + 1);
    found.set(name, json.slice(colon + 1, end));
    at = end + 1;
  }
  return found;
}

/** Where the value that begins at `from` ends. */
function endOfValue(json: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < json.length; at++) {
    const character = json[at] ?? '';
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
    } else if ((character === ',' || character === ':') && depth === 0) return at;
  }
  return json.length;
}
