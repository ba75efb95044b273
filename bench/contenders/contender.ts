import type { ChildProcess } from 'node:child_process';

/** Where a contender reads and writes, and from where on. */
export interface Course {
  readonly mysqlPort: number;
  readonly kafkaPort: number;
  /** The binlog position before the first row. */
  readonly file: string;
  readonly position: number;
  /** `database.table`, or `database.*`. */
  readonly tables: string;
  readonly topic: string;
  /** A folder of its own, there for as long as it runs. */
  readonly folder: string;
}

/** Something that brings rows from a binlog to a topic. */
export interface Contender {
  readonly name: string;
  /** Starts it; what it runs in is one process. */
  start(course: Course): Promise<ChildProcess>;
  /** Called before the backlog is written, where it must have seen the server, and a row of it, then. `touch` writes one. */
  prepare?(course: Course, touch: () => Promise<void>): Promise<void>;
}
