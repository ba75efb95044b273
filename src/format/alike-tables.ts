import type { ColumnForms } from './column-forms.ts';
import { WholeImages } from './whole-images.ts';

/** Shapes that are kept for sharing: some megabytes at most. */
const KEPT = 256;
/** Of tables with more columns than these the shape would take longer to compare than sharing saves. */
const MOST_COLUMNS = 64;
const SHARED = new Map<string, WholeImages>();

/**
 * The writer of whole images of these forms: the same as the last time, as a rule. Tables that are alike, as those of many
 * tenants are, share it: its code is made once for all of them, and rows of many tables in turn find it in the processor's caches.
 */
export function sharedImages(forms: ColumnForms): WholeImages {
  if (forms.writers.length > MOST_COLUMNS) return new WholeImages(forms);
  const shape = shapeOf(forms);
  const known = SHARED.get(shape);
  if (known !== undefined) return known;
  const made = new WholeImages(forms);
  if (SHARED.size >= KEPT) SHARED.clear();
  SHARED.set(shape, made);
  return made;
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
