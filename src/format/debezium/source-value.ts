import type { NoticePlace } from '../../core/notice.ts';
import type { FormatContext } from '../context.ts';

/** `source` of a message about a statement: times in whole milliseconds and no session, as Debezium has it. As JSON. */
export function sourceText(context: FormatContext, { transaction, position }: NoticePlace, table: { readonly database: string; readonly name: string | null }): string {
  const { committedMicros, serverId, gtid, file } = transaction;
  const millis = Math.floor(committedMicros / 1000);
  const opening = { version: context.version, connector: context.connector, name: context.serverName, ts_ms: millis, snapshot: 'false', db: table.database, sequence: null };
  const closing = { table: table.name, server_id: serverId, gtid, file, pos: position, row: 0, thread: null, query: null };
  return `${JSON.stringify(opening).slice(0, -1)},"ts_us":${times(millis, 3)},"ts_ns":${times(millis, 6)},${JSON.stringify(closing).slice(1)}`;
}

/** The number times 10^`zeros`, in digits: nanoseconds pass 2^53. */
function times(millis: number, zeros: number): string {
  return millis === 0 ? '0' : `${millis}${'0'.repeat(zeros)}`;
}
