import type { Json } from '../../src/core/position.ts';
import type { DifferenceId } from '../../src/format/debezium/differences.ts';
import type { Case } from './cases.ts';
import { explain } from './explanations.ts';
import { isObject, messagesOf } from './messages.ts';
import type { Message } from './messages.ts';
import type { Told } from './run.ts';

/** One place where two messages differ. */
export interface Place {
  readonly case: Case;
  /** Group, number in it and path, for example `nums {"id":"#2"}[0].value.after.f2`. */
  readonly path: string;
  /** JSON, or `absent`. */
  readonly ours: string;
  readonly theirs: string;
}

export interface Difference extends Place {
  /** The entry of the list that says so; null where none does. */
  readonly id: DifferenceId | null;
}

/** What was compared of one case. */
export interface Compared {
  readonly case: Case;
  readonly messages: number;
  readonly differences: readonly Difference[];
}

/** Compares field by field: topics, keys, values, headers and the order of fields. `defaults` names the columns that have one. */
export function compareTold(told: Told, defaults: ReadonlySet<string>): Compared {
  const left = grouped(messagesOf(told.ours, told));
  const right = grouped(messagesOf(told.theirs, told));
  const groups = [...new Set([...left.keys(), ...right.keys()])];
  const places = groups.flatMap((group) => compareGroup(told.case, group, left.get(group) ?? [], right.get(group) ?? []));
  return { case: told.case, messages: [...left.values()].flat().length, differences: places.map((place) => ({ ...place, id: explain(place, defaults) })) };
}

function grouped(messages: readonly Message[]): Map<string, Message[]> {
  const groups = new Map<string, Message[]>();
  for (const message of messages) groups.set(message.group, [...(groups.get(message.group) ?? []), message]);
  return groups;
}

function compareGroup(of: Case, group: string, ours: readonly Message[], theirs: readonly Message[]): Place[] {
  const place = (path: string, left: Json | undefined, right: Json | undefined): Place => ({ case: of, path: `${group}${path}`, ours: show(left), theirs: show(right) });
  if (group === 'heartbeat') return pair(place, '[0]', ours[0], theirs[0]);
  if (!group.endsWith(' null')) return pairs(place, ours, theirs);
  const [left, right] = [ours, theirs].map((side) => side.filter(({ value }) => value === null).length);
  const rest = pairs(place, ours.filter(({ value }) => value !== null), theirs.filter(({ value }) => value !== null));
  return left === right ? rest : [...rest, place(' tombstones', `#${left}`, `#${right}`)];
}

type MakePlace = (path: string, ours: Json | undefined, theirs: Json | undefined) => Place;

function pairs(place: MakePlace, ours: readonly Message[], theirs: readonly Message[]): Place[] {
  return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => pair(place, `[${i}]`, ours[i], theirs[i])).flat();
}

function pair(place: MakePlace, path: string, ours: Message | undefined, theirs: Message | undefined): Place[] {
  if (ours === undefined || theirs === undefined) return [place(path, ours?.value, theirs?.value)];
  return (['topic', 'key', 'value', 'headers'] as const).flatMap((part) => compareJson(place, `${path}.${part}`, ours[part], theirs[part]));
}

function compareJson(place: MakePlace, path: string, ours: Json | undefined, theirs: Json | undefined): Place[] {
  if (isObject(ours) && isObject(theirs)) {
    const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    const [left, right] = [ours, theirs].map((side) => Object.keys(side).filter((name) => name in ours && name in theirs).join());
    return [...(left === right ? [] : [place(`${path}{}`, left, right)]), ...names.flatMap((name) => compareJson(place, `${path}.${name}`, ours[name], theirs[name]))];
  }
  if (isList(ours) && isList(theirs) && ours.length === theirs.length) return ours.flatMap((each, i) => compareJson(place, `${path}[${i}]`, each, theirs[i]));
  return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [place(path, ours, theirs)];
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function show(value: Json | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
