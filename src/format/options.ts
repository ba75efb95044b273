import type { Clock } from '../core/ports.ts';

/** What a format is made with. */
export interface FormatOptions {
  /** The daemon's `name`: Debezium's `source.name`, the first part of its schema names. */
  readonly serverName: string;
  /** Rowcast's own version. */
  readonly version: string;
  readonly connector: 'mysql' | 'mariadb';
  /** Gives processing times. */
  readonly clock: Clock;
}
