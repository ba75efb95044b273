import type { TableName } from '../../core/notice.ts';
import type { LaterChange } from '../stream/later-changes.ts';
import type { SchemaSnapshot, TrackedTable } from './ddl/index.ts';
import type { HistoryPlace } from './history/place.ts';

/** The server as it is now. Each question is a session of its own. All throw RowcastError SOURCE_*. */
export interface LiveServer {
  /** All tracked tables, and the defaults of all databases. */
  all(): Promise<SchemaSnapshot>;
  /** Undefined where the account sees no such table. */
  table(name: TableName): Promise<TrackedTable | undefined>;
  /** The end of its binlog. */
  end(): Promise<HistoryPlace>;
  /**
   * Statements between where the stream is and the end of the binlog that may have changed tracked tables.
   * @throws RowcastError SOURCE_REFUSED where nobody can tell
   */
  changes(): Promise<readonly LaterChange[]>;
}
