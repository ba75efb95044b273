import type { Config } from '../../config/compile.ts';
import { RowcastError } from '../../core/errors.ts';
import { hasPassed, readServerEnd } from '../../mysql/server-point.ts';
import type { ServerEnd } from '../../mysql/server-point.ts';
import type { SourceOptions } from '../../mysql/options.ts';
import type { Daemon, ServerPoint } from '../../verify/ports.ts';
import { LOOKING, storesOf } from '../stores.ts';

/** The end of the binlog behind a point. */
interface EndPoint extends ServerPoint {
  readonly state: ServerEnd;
}

/** How far the daemon is, by the position that it saves: all before that is durable in its topics (Invariant 1). */
export function daemonOf(config: Config, source: SourceOptions): Daemon & { close(): Promise<void> } {
  const { store, label } = storesOf(config, LOOKING);
  return {
    point: async (): Promise<EndPoint> => {
      const state = await readServerEnd(source);
      return { label: state.label, state };
    },
    passed: async (point) => {
      const saved = await store.load();
      if (saved === null) throw new RowcastError('VERIFY_BEHIND', `rows differ, and whether they do for good shows when the daemon has passed ${point.label}; no position is saved in ${label}`);
      return { passed: hasPassed(saved.position, (point as EndPoint).state), at: saved.position.label };
    },
    close: () => store.close(),
  };
}
