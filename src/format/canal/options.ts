/** Options of the format; those of Canal name its own. */
export interface CanalOptions {
  /** Rows of one message: one, or those of a rows event that follow each other with one operation to one partition. */
  readonly rowsPerMessage: 'one' | 'event';
  /**
   * `canal.mq.partitionHash`: `db.table:id^name`, `.*\\..*:$pk$` or `db.table`, with commas between; the first that matches
   * a table counts. `none`: every message goes to `partition`.
   */
  readonly partitionHash: string;
  /** `canal.mq.partition`: where messages go of tables that no hash is for. */
  readonly partition: number;
  /** `canal.mq.database.hash`: whether the database is part of the hash of columns. */
  readonly databaseHash: boolean;
  /** What Canal says of its values by accident, as it does. */
  readonly quirks: boolean;
}

/** What stands where nothing is set. */
export const CANAL_DEFAULTS: CanalOptions = { rowsPerMessage: 'one', partitionHash: '.*\\..*:$pk$', partition: 0, databaseHash: true, quirks: false };
