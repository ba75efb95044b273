import { parseJson } from '../../core/position.ts';
import type { Json } from '../../core/position.ts';
import { isObject } from '../../core/sealed-json.ts';

/** What a member tells the others when it joins. */
export interface Notes {
  /** It was appointed, and has been a member ever since. */
  readonly leads: boolean;
  readonly fit: boolean;
  /** Milliseconds since 1970 at which it began to stand. */
  readonly since: number;
  /** How often it has led: a leader that resigns says something new, so that the coordinator has all join again. */
  readonly turns: number;
  /** For people. */
  readonly label: string;
}

/** What all members are told. */
export interface Verdict {
  /** Id of the member that leads. */
  readonly leader: string;
  readonly label: string;
}

export function writeNotes({ leads, fit, since, turns, label }: Notes): string {
  return JSON.stringify({ leads, fit, since, turns, label });
}

/** Who leads keeps leading; else the one who has stood longest among those that are fit, or, where none is, among all. The answer is for each member. */
export function appoint(members: readonly { readonly id: string; readonly metadata: Buffer }[]): { readonly id: string; readonly text: Buffer }[] {
  const [first] = members.map(({ id, metadata }) => ({ id, ...readNotes(metadata) })).sort((a, b) => rank(a) - rank(b) || a.since - b.since || (a.id < b.id ? -1 : 1));
  const verdict = Buffer.from(JSON.stringify({ leader: first?.id ?? '', label: first?.label ?? '' }));
  return members.map(({ id }) => ({ id, text: verdict }));
}

export function readVerdict(assignment: Buffer): Verdict {
  const fields = read(assignment);
  return { leader: textOf(fields['leader']), label: textOf(fields['label']) };
}

function rank({ leads, fit }: Pick<Notes, 'leads' | 'fit'>): number {
  return leads ? 0 : fit ? 1 : 2;
}

function readNotes(metadata: Buffer): Omit<Notes, 'turns'> {
  const { leads, fit, since, label } = read(metadata);
  return { leads: leads === true, fit: fit === true, since: typeof since === 'number' ? since : Infinity, label: textOf(label) };
}

/** A member of another version may write what this one does not know: it counts as nothing. */
function read(bytes: Buffer): { readonly [key: string]: Json } {
  try {
    const fields = parseJson(bytes.toString());
    return isObject(fields) ? fields : {};
  } catch {
    return {};
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
