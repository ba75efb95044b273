import { createHash } from 'node:crypto';
import { RowcastError } from './errors.ts';
import type { Notes } from './notes.ts';
import { parseJson } from './position.ts';
import type { Json } from './position.ts';
import { isObject } from './sealed-json.ts';

/*
 * Notes as text, the same wherever they are kept, so that they can be moved. Lines:
 * `{"format","version","name","sha256","body"}` with the base, then `{"sha256","body"}` for each entry. A digest is that of
 * the digest before it and the body's JSON text, so that a line that is damaged, missing or out of place shows.
 */
const FORMAT = 'rowcast-schema-history';
const VERSION = 1;

/** Lines, and the digest of the last one, which the next goes on from. */
export interface NotesText {
  readonly text: string;
  readonly digest: string;
}

/** Where a text of notes is, and of which daemon it should be. */
export interface NotesPlace {
  /** Names the place in errors. */
  readonly where: string;
  /** That of the configuration. */
  readonly name: string;
}

/** All lines of the notes of the daemon called `name`. */
export function notesText(name: string, { base, entries }: Notes): NotesText {
  const body = JSON.stringify(base);
  let digest = digestOf('', body);
  const lines = [`{"format":${JSON.stringify(FORMAT)},"version":${String(VERSION)},"name":${JSON.stringify(name)},"sha256":"${digest}","body":${body}}\n`];
  for (const entry of entries) {
    const line = entryLine(digest, entry);
    lines.push(line.text);
    digest = line.digest;
  }
  return { text: lines.join(''), digest };
}

/** The line of an entry; `before` is the digest of the line before it. */
export function entryLine(before: string, entry: Json): NotesText {
  const body = JSON.stringify(entry);
  const digest = digestOf(before, body);
  return { text: `{"sha256":"${digest}","body":${body}}\n`, digest };
}

/** Reads lines, all of them whole. @throws RowcastError HISTORY_DAMAGED; HISTORY_FOREIGN where they are of another name */
export function readNotesText(text: string, place: NotesPlace): { readonly notes: Notes; readonly digest: string } {
  if (!text.endsWith('\n')) throw damagedNotes(place.where, text === '' ? 'it has no whole line' : 'its last line has no end');
  const [first, ...rest] = text.slice(0, -1).split('\n');
  const base = lineOf(first ?? '', 0, place.where);
  mustBeOurs(base, place);
  let digest = verified('', base, 0, place.where);
  const entries = rest.map((each, index) => {
    const line = lineOf(each, index + 1, place.where);
    digest = verified(digest, line, index + 1, place.where);
    return line.body ?? null;
  });
  return { notes: { base: base.body ?? null, entries }, digest };
}

export function damagedNotes(where: string, what: string, cause?: unknown): RowcastError {
  return new RowcastError('HISTORY_DAMAGED', `${where} cannot be used: ${what}`, { cause, facts: { path: where } });
}

type Line = Readonly<Record<string, Json>>;

function lineOf(text: string, index: number, where: string): Line {
  try {
    const line = parseJson(text);
    if (isObject(line)) return line;
  } catch (cause) {
    throw damagedNotes(where, `line ${String(index + 1)} is not JSON`, cause);
  }
  throw damagedNotes(where, `line ${String(index + 1)} is no object`);
}

function mustBeOurs({ format, version, name }: Line, { where, name: ours }: NotesPlace): void {
  if (format !== FORMAT) throw damagedNotes(where, `it is not a ${FORMAT} file`);
  if (version !== VERSION) throw damagedNotes(where, `its version is ${JSON.stringify(version ?? null)}, this program reads version ${String(VERSION)}`);
  if (name !== ours) throw new RowcastError('HISTORY_FOREIGN', `${where} belongs to the daemon named ${JSON.stringify(name ?? null)}, this one is named ${JSON.stringify(ours)}`, { facts: { path: where } });
}

function verified(before: string, { sha256, body }: Line, index: number, where: string): string {
  if (body === undefined || sha256 !== digestOf(before, JSON.stringify(body))) throw damagedNotes(where, `line ${String(index + 1)} does not match its checksum`);
  return sha256;
}

function digestOf(before: string, body: string): string {
  return createHash('sha256').update(before).update(body).digest('hex');
}
