import { columnWriter } from '../../core/projection.ts';
import type { Projection } from '../../core/projection.ts';
import type { WriterOf } from '../row-object.ts';
import { withPolicies } from '../type-policies.ts';
import type { MaxwellOptions } from './options.ts';
import { quirkWriter } from './quirks.ts';
import { representMaxwell } from './representations.ts';

/**
 * How values of a projection are written, in messages or in keys. A mask wins over everything, a policy of the route over
 * quirks. In keys a zero date is never null, as two keys could become one; with quirks it is, as in Maxwell.
 */
export function maxwellWriters(projection: Projection, { nullZeroDates, quirks }: MaxwellOptions, place: 'value' | 'key'): WriterOf {
  const zeroAsNull = nullZeroDates && (place === 'value' || quirks);
  const represent = representMaxwell(zeroAsNull);
  const shownOf = withPolicies(represent, projection, place);
  return (projected) => {
    const { column, mask } = projected;
    const own = represent(column);
    const shown = mask === null ? shownOf(column) : own;
    const writer = columnWriter(projected, shown.as, shown.zero);
    const asked = shown.as !== own.as || shown.zero !== own.zero;
    return quirks && mask === null && !asked ? quirkWriter(column, writer, zeroAsNull) : writer;
  };
}
