import { Kept } from '../core/kept.ts';
import type { ColumnForms } from './column-forms.ts';
import { MOST_COLUMNS } from './row-code.ts';
import { WholeImages } from './whole-images.ts';

/** By shape; some megabytes at most. */
const SHARED = new Kept<WholeImages>(256);

/**
 * The writer of whole images of these forms: the same as the last time, as a rule. Tables that are alike, as those of many
 * tenants are, share it: its code is made once for all of them, and rows of many tables in turn find it in the processor's caches.
 * Very wide ones, which have no code, do not: to tell their shape takes long.
 */
export function sharedImages(forms: ColumnForms): WholeImages {
  if (forms.writers.length > MOST_COLUMNS) return new WholeImages(forms);
  const shape = shapeOf(forms);
  return SHARED.get(shape) ?? SHARED.keep(shape, new WholeImages(forms));
}

function shapeOf({ writers, names, nulls, copies }: ColumnForms): string {
  return [String(copies), ...[writers, names, nulls].map((things) => things.map(numberOf).join())].join(' ');
}

const NUMBERS = new WeakMap<object, number>();
let last = 0;

/** The same for the same object. */
function numberOf(thing: object): number {
  const known = NUMBERS.get(thing);
  if (known !== undefined) return known;
  NUMBERS.set(thing, ++last);
  return last;
}
