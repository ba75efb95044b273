import type { Conditions } from '../conditions.ts';
import { checkCondition } from './check.ts';
import { changeCondition, imageCondition } from './condition.ts';

/** Conditions in CEL. */
export const CONDITIONS: Conditions = { mistake: checkCondition, image: imageCondition, change: changeCondition };
