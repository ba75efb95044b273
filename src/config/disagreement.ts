import type { Path } from './places.ts';

/** Keys that are each right but do not agree with each other. */
export interface Disagreement {
  readonly path: Path;
  readonly message: string;
  readonly repair: string;
}
