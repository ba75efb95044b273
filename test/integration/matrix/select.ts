/** How the server itself shows a column, and whether that is what the plain format says of it. */
interface Asked {
  /** SQL expression of a quoted name. */
  readonly sql: (name: string) => string;
  /** `json`: the value as it stands in the message, never null. */
  readonly same: (json: string, server: string) => boolean;
}

const text = (json: string): string => JSON.parse(json) as string;
const asChar = (name: string): string => `cast(${name} as char)`;
const asUtf8 = (name: string): string => `convert(${name} using utf8mb4)`;
const asNumber = (name: string): string => `cast(${name} + 0 as char)`;
const asHex = (name: string): string => `hex(${name})`;
const bare = (json: string): string => json.replaceAll('"', '');
const hexOf = (json: string): string => Buffer.from(text(json), 'base64').toString('hex').toUpperCase();

const NUMBERS: Asked = { sql: asNumber, same: (json, server) => bare(json) === server };
const TEXT: Asked = { sql: asUtf8, same: (json, server) => text(json) === server };
const BYTES: Asked = { sql: asHex, same: (json, server) => hexOf(json) === server };
const SHOWN: Asked = { sql: asChar, same: (json, server) => text(json) === server };

/** By the beginning of the declared type; the first that fits counts. */
const TYPES: readonly (readonly [RegExp, Asked])[] = [
  [/^(?:tiny|small|medium|big)?int|^bool|^bit|^year/, NUMBERS],
  [/^decimal/, SHOWN],
  [/^float/, { sql: (name) => `${name} + 0e0`, same: (json, server) => Math.fround(Number(json)) === Math.fround(Number(server)) }],
  [/^double/, { sql: (name) => `${name} + 0e0`, same: (json, server) => Number(json) === Number(server) }],
  [/^timestamp/, { sql: asChar, same: (json, server) => text(json).replace(/T(.*)Z$/, ' $1') === server }],
  [/^(?:date|time)/, SHOWN],
  [/^set/, { sql: asUtf8, same: (json, server) => (JSON.parse(json) as string[]).join(',') === server }],
  [/^json/, { sql: asUtf8, same: sameDocument }],
  [/^(?:char|varchar|(?:tiny|medium|long)?text|enum)/, TEXT],
  [/^(?:var)?binary|^(?:tiny|medium|long)?blob/, BYTES],
  [/^(?:point|linestring|polygon|multi|geometry)/, { sql: asHex, same: sameShape }],
  [/^vector/, { sql: asHex, same: sameVector }],
  [/^(?:uuid|inet)/, SHOWN],
];

/** @throws Error for a type that is not in the list */
export function askedOf(type: string): Asked {
  const found = TYPES.find(([pattern]) => pattern.test(type));
  if (found === undefined) throw new Error(`nobody knows how the server shows ${type}`);
  return found[1];
}

/** The server's text has blanks between things. MariaDB's JSON is text, and a string in the message. */
function sameDocument(json: string, server: string): boolean {
  return compact(server) === json || (json.startsWith('"') && text(json) === server);
}

/** Without blanks outside strings. */
export function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string: string | undefined) => string ?? '');
}

function sameShape(json: string, server: string): boolean {
  const { wkb, srid } = JSON.parse(json) as { wkb: string; srid: number | null };
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(srid ?? 0);
  return Buffer.concat([prefix, Buffer.from(wkb, 'base64')]).toString('hex').toUpperCase() === server;
}

function sameVector(json: string, server: string): boolean {
  const bytes = Buffer.from(server, 'hex');
  const numbers = JSON.parse(json) as number[];
  return numbers.length * 4 === bytes.length && numbers.every((number, i) => Math.fround(number) === bytes.readFloatLE(i * 4));
}
