import type { Clock } from '../core/ports.ts';

/** What every format is made with, whatever its own options are. */
export interface FormatContext {
  /** The daemon's `name`: Debezium's `source.name`, the first part of its schema names. */
  readonly serverName: string;
  /** Rowcast's own version. */
  readonly version: string;
  readonly connector: 'mysql' | 'mariadb';
  /** Gives processing times. */
  readonly clock: Clock;
}
