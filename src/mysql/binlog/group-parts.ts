import type { SourceHandler, SourceObserver } from '../../core/ports.ts';
import type { Holding, Reread } from './options.ts';
import type { Place } from './place.ts';
import type { Progress } from './progress.ts';
import type { Rest } from './rest.ts';
import type { PreparedPlace, PreparedReader } from './xa.ts';

/** What groups are told with. */
export interface GroupsParts {
  readonly handler: SourceHandler;
  readonly observer: SourceObserver;
  readonly place: Place;
  readonly progress: Progress;
  readonly rest: Rest;
  readonly holding: Holding;
  /** Prepared before the position that is begun at. */
  readonly open: readonly PreparedPlace[];
  readonly prepared: PreparedReader;
  readonly rereads: Reread | null;
}
