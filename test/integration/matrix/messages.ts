import { images } from '../types-support.ts';
import type { ZooTable } from './zoo.ts';
import { members } from './zoo.ts';

/** Added to every id by the update of every table. */
export const MOVED = 1000;

/** Each row is inserted, told under its old key, told under its new one, and deleted. */
type Step = 'insert' | 'oldKey' | 'newKey' | 'delete';

/** What a table's messages were written with. */
export interface Written {
  readonly kind: string;
  readonly rowImage: string;
  readonly format: 'plain' | 'debezium';
}

interface Message {
  readonly key: { readonly id: number };
  readonly value: { readonly op: string; readonly keyChange?: string; readonly absent?: Absent } | null;
  readonly headers: Readonly<Record<string, string>>;
}

type Absent = Readonly<Record<string, readonly string[]>>;

const PLACEHOLDERS: ReadonlySet<string> = new Set(['"__debezium_unavailable_value"', `"${Buffer.from('__debezium_unavailable_value').toString('base64')}"`]);

/** Everything that the messages of a table say otherwise than they should, up to ten of them; none: every row was told in every step. */
export function wrongMessages(lines: readonly string[], table: ZooTable, written: Written): string[] {
  const wrong: string[] = [];
  const seen = new Set<string>();
  let tombstones = 0;
  for (const line of lines.filter((one) => one.startsWith('{"topic":') && /^\{"topic":"[^"]*\.(\w+)"/.exec(one)?.[1] === table.name)) {
    const message = JSON.parse(line) as Message;
    if (message.value === null) tombstones++;
    else {
      const step = stepOf(message);
      seen.add(`${step} ${message.key.id}`);
      wrong.push(...wrongImage(line, { message, step, table }, written).map((text) => `${table.name} ${step} ${message.key.id}: ${text}`));
    }
  }
  const wanted = table.rows.flatMap((_, place) => [`insert ${place + 1}`, `oldKey ${place + 1}`, `newKey ${place + 1 + MOVED}`, `delete ${place + 1 + MOVED}`]);
  const missing = wanted.filter((one) => !seen.has(one));
  if (missing.length > 0 || seen.size !== wanted.length) wrong.push(`${table.name}: not told: ${missing.join(', ')}; told: ${seen.size} of ${wanted.length}`);
  if (tombstones !== 2 * table.rows.length) wrong.push(`${table.name}: ${tombstones} tombstones`);
  return wrong.slice(0, 10);
}

function stepOf({ value, headers }: Message): Step {
  const changed = value?.keyChange !== undefined || '__debezium.newkey' in headers || '__debezium.oldkey' in headers;
  const isInsert = value?.op === 'insert' || value?.op === 'c';
  if (!isInsert && value?.op !== 'delete' && value?.op !== 'd') throw new Error(`a message of op ${value?.op ?? ''}`);
  if (isInsert) return changed ? 'newKey' : 'insert';
  return changed ? 'oldKey' : 'delete';
}

interface Told {
  readonly message: Message;
  readonly step: Step;
  readonly table: ZooTable;
}

function wrongImage(line: string, { message, step, table }: Told, written: Written): string[] {
  const side = step === 'insert' || step === 'newKey' ? 'after' : 'before';
  const [shown = '{}'] = images([line], table.name, side);
  const { id } = message.key;
  const row = table.rows[(id > MOVED ? id - MOVED : id) - 1];
  if (row === undefined) return ['no such row'];
  const wanted = new Map([['id', String(id)], ...members(row[written.format])]);
  const found = members(shown);
  const absent = absentOf(message, written.format)[side] ?? [];
  const mayLack = lacking(step, table, written);
  const wrong = [...found.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} is not a column`);
  if (absent.join() !== mayLack.join()) wrong.push(`absent are ${absent.join()}, and should be ${mayLack.join()}`);
  for (const [name, json] of wanted) {
    const got = found.get(name);
    const isRight = absent.includes(name) ? got === undefined || (written.format === 'debezium' && PLACEHOLDERS.has(got)) : got === json;
    if (!isRight) wrong.push(`${name} is ${got ?? 'missing'}, and should be ${absent.includes(name) ? 'absent' : json}`);
  }
  return wrong;
}

function absentOf({ value, headers }: Message, format: Written['format']): Absent {
  if (format === 'plain') return value?.absent ?? {};
  return JSON.parse(headers['__rowcast.absent'] ?? '{}') as Absent;
}

/** Columns that the row image of a step does not hold: names in table order. */
function lacking(step: Step, { declared }: ZooTable, { kind, rowImage }: Written): string[] {
  // FULL_NODUP: what the after image lacks is in the before image; no table of MariaDB's has generated columns.
  if (step === 'insert' || rowImage === 'FULL' || rowImage === 'FULL_NODUP') return [];
  if (rowImage === 'MINIMAL') return declared.map(([name]) => name);
  const blobs = kind === 'mariadb' ? /^(?:tiny|medium|long)?(?:text|blob)|^json/ : /^(?:tiny|medium|long)?(?:text|blob)/;
  return declared.filter(([, type]) => blobs.test(type)).map(([name]) => name);
}
