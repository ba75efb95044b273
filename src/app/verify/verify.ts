import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, KafkaConfig } from '../../config/compile.ts';
import { RowcastError } from '../../core/errors.ts';
import { tableLabel } from '../../core/table.ts';
import { TableSelect } from '../../mysql/select/table-select.ts';
import type { ByteSession } from '../../mysql/stream/byte-session.ts';
import { openByteSession } from '../../mysql/stream/byte-session.ts';
import { TopicLogs } from '../../sink/kafka/topic-log.ts';
import { Expected } from '../../verify/expected.ts';
import type { TopicState } from '../../verify/state.ts';
import { VerifyState } from '../../verify/state.ts';
import type { Progress } from '../../verify/topic-verifier.ts';
import { EnoughFound, TopicVerifier } from '../../verify/topic-verifier.ts';
import { kafkaOptions } from '../kafka-options.ts';
import { routerOf } from '../routing.ts';
import { sourceOptions } from '../source-options.ts';
import { daemonOf } from './daemon.ts';
import type { PlannedTable, PlannedTopic, VerifyPlan } from './planning.ts';
import { planVerification } from './planning.ts';
import { keyInside, readerOf } from './readers.ts';
import type { Difference, Verification, VerifiedTableReport } from './report.ts';
import { verifiedTable } from './tables.ts';
import { topicLog } from './topic-log.ts';

/** How a comparison runs. */
export interface VerifyOptions {
  /** Patterns `database.table`; none: every table that a route tells. */
  readonly tables: readonly string[];
  /** Folder that keeps how far it is; null: a temporary one. */
  readonly state: string | null;
  /** Rows of a SELECT at most. */
  readonly chunk: number;
  /** Ends after so many differences. */
  readonly limit: number;
  /** Milliseconds that the daemon may stand still before a position that it must pass. */
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  readonly found: (difference: Difference) => void;
}

/** Compares tables with their topics. Writes nothing to the server and to Kafka. @throws RowcastError VERIFY_BEHIND, CONFIG_INVALID, SOURCE_*, SINK_*, CHECKPOINT_* */
export async function verifyTables(config: Config, options: VerifyOptions): Promise<Verification> {
  const { sink } = config;
  if (sink.type !== 'kafka') throw new RowcastError('VERIFY_REFUSED', `the sink is ${sink.type}; tables can be compared with topics of Kafka`);
  const router = await routerOf(config);
  const plan = await planVerification(config, router, options.tables);
  const folder = options.state ?? (await mkdtemp(join(tmpdir(), 'rowcast-verify-')));
  try {
    const state = await VerifyState.open(folder, plan.fingerprint);
    return await new Verifying({ config, sink, options, state, source: sourceOptions(config, router, false) }).all(plan);
  } finally {
    if (options.state === null) await rm(folder, { recursive: true, force: true });
  }
}

interface Parts {
  readonly config: Config;
  readonly sink: KafkaConfig;
  readonly options: VerifyOptions;
  readonly state: VerifyState;
  readonly source: ReturnType<typeof sourceOptions>;
}

class Verifying {
  readonly #parts: Parts;
  #left: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#left = parts.options.limit;
  }

  async all({ topics, refused }: VerifyPlan): Promise<Verification> {
    const { config, sink, options, source, state } = this.#parts;
    for (const difference of state.differences) this.#found(difference);
    const reports: VerifiedTableReport[] = refused.map(({ table, topic, reason }) => ({ ...NOTHING, table, topic, refused: reason }));
    const logs = new TopicLogs(kafkaOptions(config, sink));
    const session = await openByteSession(source);
    const daemon = daemonOf(config, source);
    let end: Verification['end'] = 'complete';
    try {
      for (const topic of topics) {
        if (end === 'complete') end = await this.#topic(topic, { logs, session, daemon });
        reports.push(...topic.tables.map((table) => this.#report(topic, table, end)));
      }
    } finally {
      logs.close();
      await session.close();
      await daemon.close();
    }
    return { tables: reports.sort((one, other) => (one.table < other.table ? -1 : 1)), end: options.signal.aborted ? 'interrupted' : end };
  }

  async #topic(planned: PlannedTopic, { logs, session, daemon }: { readonly logs: TopicLogs; readonly session: ByteSession; readonly daemon: ReturnType<typeof daemonOf> }): Promise<Verification['end']> {
    const { options, state } = this.#parts;
    const format = planned.tables[0]?.format;
    if (format === undefined) return 'complete';
    const reading = { reader: readerOf(format), keyInside: keyInside(format), shared: planned.shared };
    const tables = planned.tables.map((table, index) => {
      const verified = verifiedTable(table, index, reading.reader);
      const select = new TableSelect(session, table.live, table.version, neededColumns(table));
      return { table: verified, rows: select, expected: new Expected(verified, reading) };
    });
    try {
      const { signal, chunk, patience, progress } = options;
      await new TopicVerifier({ tables, reading, log: topicLog(logs, planned.topic), daemon, state, signal, chunk, patience, progress, found: (difference) => this.#found(difference) }).run();
      return 'complete';
    } catch (error) {
      if (error instanceof EnoughFound) return 'stopped';
      if (options.signal.aborted) return 'interrupted';
      throw error;
    }
  }

  #found(difference: Difference): boolean {
    this.#parts.options.found(difference);
    return --this.#left > 0;
  }

  #report({ topic, tables }: PlannedTopic, table: PlannedTable, end: Verification['end']): VerifiedTableReport {
    const label = tableLabel(table.version);
    const state: TopicState = this.#parts.state.topic(topic, tables.map(({ version }) => tableLabel(version)));
    const { version, plan, route } = table;
    const shown = new Set(plan.projection.columns.map(({ column }) => column.index));
    const own = state.tables[label];
    return {
      table: label,
      topic,
      refused: null,
      counts: end === 'complete' || state.ends !== null ? (own?.counts ?? null) : null,
      columns: plan.projection.columns.map(({ name }) => name),
      hidden: version.columns.filter(({ index }) => !shown.has(index)).map(({ name }) => name),
      masked: plan.projection.columns.filter(({ column }) => ['redact', 'last4'].includes(route.columns.mask[column.name] ?? '')).map(({ name }) => name),
      strange: own?.strange ?? [],
      unreadable: state.unreadable,
    };
  }
}

const NOTHING: Omit<VerifiedTableReport, 'table' | 'topic' | 'refused'> = { counts: null, columns: [], hidden: [], masked: [], strange: [], unreadable: { count: 0, first: null } };

/** A condition may ask for any column. */
function neededColumns({ version, plan }: PlannedTable): ReadonlySet<number> {
  if (plan.where !== null) return new Set(version.columns.map(({ index }) => index));
  return new Set([...plan.projection.columns, ...plan.projection.key].map(({ column }) => column.index));
}
