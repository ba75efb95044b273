import type { RowsEvent, Transaction } from '../core/change.ts';
import { RowcastError } from '../core/errors.ts';
import type { GapNotice, SourceNotice } from '../core/notice.ts';
import type { NoticeRouter, RoutePlan, Router, TableLeftOut } from '../core/plan.ts';
import type { Counter, Format, Logger, Metrics, Sink, SourceHandler, TransactionTeller } from '../core/ports.ts';
import type { TransactionMarks } from '../core/source-seam.ts';
import type { TableVersion } from '../core/table.ts';
import { tableLabel } from '../core/table.ts';
import { Misfits } from './misfits.ts';
import { Announcements } from './announcements.ts';
import { LastRowHolder } from './last-row.ts';
import type { LeftOutReason, RowsProcessor } from './left-out.ts';
import { LeftOutRows } from './left-out.ts';
import type { Quarantine } from './quarantine.ts';
import { RouteRows } from './route-rows.ts';
import { TransactionLog } from './transaction-log.ts';
import type { TableLog } from './transaction-log.ts';

export interface DispatcherParts {
  readonly router: Router;
  readonly notices: NoticeRouter;
  /** Topic of gaps in the binlog. */
  readonly gapTopic: string;
  readonly sink: Sink;
  /** The format of a route, by its place in the file; of −1, that of the file. */
  readonly format: (route: number) => Format;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Where rows go whose columns nobody knows; null where the source never hands such over. */
  readonly quarantine: Quarantine | null;
  /** Told where transactions begin and end; null where nobody wants to know. */
  readonly marks: TransactionMarks | null;
}

/** Hands each rows event to what was made for its table version. */
export class Dispatcher implements SourceHandler {
  readonly #parts: DispatcherParts;
  readonly #transactions: Counter;
  readonly #announcements: Announcements;
  /** By topic. */
  readonly #logs = new Map<string, TransactionLog>();
  readonly #holder = new LastRowHolder();
  readonly #processors = new WeakMap<TableVersion, RowsProcessor>();
  #transaction: Transaction | null = null;
  #lastTable: TableVersion | null = null;
  #last: RowsProcessor | null = null;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#announcements = new Announcements({ ...parts, router: parts.notices });
    this.#transactions = parts.metrics.counter('rowcast_transactions_total');
  }

  table(version: TableVersion): void | Promise<void> {
    if (this.#processors.has(version)) return undefined;
    if (version.unknown !== undefined) return this.#setAside(version);
    const plan = version.shadowOf === undefined ? this.#parts.router.plan(version) : 'shadow';
    if (typeof plan !== 'string') return this.#route(version, plan);
    this.#parts.logger.debug('table left out', { table: tableLabel(version), reason: plan });
    this.#processors.set(version, new LeftOutRows(version, this.#leftOut(version, plan)));
    return undefined;
  }

  begin(transaction: Transaction): void {
    this.#parts.marks?.begin();
    this.#transactions.add(1);
    this.#transaction = transaction;
    this.#holder.begin();
    if (this.#logs.size > 0) for (const log of this.#logs.values()) log.begin(transaction);
  }

  rows(event: RowsEvent): void {
    if (event.table !== this.#lastTable) {
      this.#last = this.#processors.get(event.table) ?? null;
      this.#lastTable = event.table;
    }
    if (this.#last === null) throw new RowcastError('INTERNAL', `rows of ${tableLabel(event.table)} came before their table`);
    this.#last.process(event);
  }

  notice(notice: SourceNotice): Promise<void> {
    // What is told of it goes with the position behind it.
    this.#parts.marks?.begin();
    if (notice.kind === 'gap') this.#countGap(notice);
    return this.#announcements.notice(notice);
  }

  commit(): void {
    this.#holder.commit();
    this.#transaction = null;
    if (this.#logs.size > 0) for (const log of this.#logs.values()) log.commit();
    this.#parts.marks?.end();
  }

  async #setAside(version: TableVersion): Promise<void> {
    const { quarantine } = this.#parts;
    if (quarantine === null) throw new RowcastError('INTERNAL', `the columns of ${tableLabel(version)} are not known, and there is no quarantine`);
    this.#processors.set(version, await quarantine.processor(version));
  }

  async #route(version: TableVersion, plan: RoutePlan): Promise<void> {
    const { sink, format, metrics, logger } = this.#parts;
    const topic = await sink.topic(plan.topic);
    const deadLetters = plan.deadLetter === null ? null : await sink.topic(plan.deadLetter);
    const labels = { topic: plan.topic, table: tableLabel(version) };
    const chosen = format(plan.index);
    const encoder = chosen.encoder(plan.projection);
    const leftOut = (reason: LeftOutReason): Counter => this.#leftOut(version, reason);
    const parts = {
      plan,
      topic,
      keyChanges: chosen.keyChanges,
      encoder,
      log: chosen.transactions === undefined ? null : await this.#log(version, chosen.transactions),
      holder: this.#holder,
      sent: metrics.counter('rowcast_messages_encoded_total', labels),
      leftOut,
      misfits: new Misfits({ plan, encoder, encoderOf: (projection) => chosen.encoder(projection), deadLetters, leftOut, metrics, logger }),
    };
    this.#processors.set(version, new RouteRows(parts));
    logger.info('table captured', { table: tableLabel(version), route: plan.route, topic: plan.topic, columns: plan.projection.columns.length, key: plan.projection.key.map((column) => column.name) });
  }

  async #log(version: TableVersion, teller: TransactionTeller): Promise<TableLog> {
    const known = this.#logs.get(teller.topic);
    if (known !== undefined) return known.table(version);
    const log = new TransactionLog(teller, await this.#parts.sink.topic(teller.topic));
    if (this.#transaction !== null) log.begin(this.#transaction);
    this.#logs.set(teller.topic, log);
    return log.table(version);
  }

  #countGap({ resumedAt, transactions }: GapNotice): void {
    const { metrics } = this.#parts;
    metrics.counter('rowcast_gaps_total', { resumed_at: resumedAt }).add(1);
    metrics.counter('rowcast_gap_transactions_total').add(transactions ?? 0);
  }

  #leftOut(table: TableVersion, reason: LeftOutReason | TableLeftOut): Counter {
    return this.#parts.metrics.counter('rowcast_rows_left_out_total', { reason, table: tableLabel(table) });
  }
}
