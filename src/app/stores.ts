import { isLocked } from '../checkpoint/stores/file-lock.ts';
import { FileNoteStore } from '../checkpoint/stores/file-notes.ts';
import { FileCheckpointStore } from '../checkpoint/stores/file-store.ts';
import { PieceNoteStore } from '../checkpoint/stores/piece-notes.ts';
import type { Config } from '../config/compile.ts';
import { RowcastError } from '../core/errors.ts';
import type { NoteStore } from '../core/notes.ts';
import type { CheckpointStore, Logger } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { checkCheckpointTables } from '../mysql/check-checkpoint.ts';
import { TableCheckpointStore } from '../mysql/checkpoint-table.ts';
import type { CheckpointTableOptions } from '../mysql/checkpoint-table.ts';
import { checkCheckpointTopics } from '../sink/kafka/check-checkpoint.ts';
import { KafkaCheckpointStore } from '../sink/kafka/checkpoint-store.ts';
import type { KafkaCheckpointOptions } from '../sink/kafka/checkpoint-store.ts';
import { kafkaOptions } from './kafka-options.ts';

/** What a store is made with. */
export interface StoreContext {
  readonly logger: Logger;
  /** Told when another daemon of the name took over. */
  readonly lost: (error: RowcastError) => void;
  /** Whoever uses them was elected among the daemons of the name. @default false */
  readonly elected?: boolean;
}

/** Every place that the position of a configuration, and the schema history beside it, have. */
export interface Stores {
  /** Keeps the position. */
  readonly store: CheckpointStore;
  /** The same store, where it is a topic. */
  readonly topic: KafkaCheckpointStore | null;
  /** The file, which is the store or lies beside it: its lock covers the local files. */
  readonly file: FileCheckpointStore;
  /** Keeps the schema history, where the position is; `store` opens and closes it. */
  readonly notes: NoteStore;
  /** The file of the schema history, which is `notes` or lies where they were before. */
  readonly fileNotes: FileNoteStore;
  /** For people: `file ./data/shop.checkpoint`. */
  readonly label: string;
  /** Whether a daemon uses the position now, or was killed some seconds ago. */
  readonly isHeld: () => Promise<boolean>;
}

const QUIET: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** For those who only look, or change a position while no daemon runs. */
export const LOOKING: StoreContext = { logger: QUIET, lost: () => undefined };

/** The transactional id of a daemon: a second one with the name fences the first. */
export function transactionalId(name: string): string {
  return `rowcast-${name}`;
}

/** The stores of a configuration, none of them opened; `held`: the local files, where they are there already. */
export function storesOf(config: Config, context: StoreContext, held: FileCheckpointStore | null = null): Stores {
  const { type, path, table, topic: topicName } = config.checkpoint;
  const file = held ?? new FileCheckpointStore(path, config.name, context.lost);
  const fileNotes = new FileNoteStore(`${path}.schema`, config.name);
  const fileHeld = (): Promise<boolean> => isLocked(path).catch(() => false);
  if (type === 'file') return { store: file, topic: null, file, notes: fileNotes, fileNotes, label: `file ${path}`, isHeld: fileHeld };
  if (type === 'mysql') {
    const store = tableStore(config, context);
    return { store, topic: null, file, notes: new PieceNoteStore(store.pieces, config.name), fileNotes, label: `table ${table}`, isHeld: async () => (await fileHeld()) || store.isHeld() };
  }
  const topic = topicStore(config, context);
  return { store: topic, topic, file, notes: new PieceNoteStore(topic.pieces, config.name), fileNotes, label: `topic ${topicName}`, isHeld: async () => (await fileHeld()) || topic.isHeld() };
}

/** What keeps the place of the position from being written, as far as it can be seen without writing. Never rejects. */
export async function checkPlace(config: Config): Promise<readonly Problem[]> {
  switch (config.checkpoint.type) {
    case 'file':
      return [];
    case 'mysql':
      return checkCheckpointTables(tableOptions(config));
    case 'kafka':
      return checkCheckpointTopics(topicOptions(config));
  }
}

function tableStore(config: Config, { lost, elected = false }: StoreContext): TableCheckpointStore {
  return new TableCheckpointStore({ ...tableOptions(config), elected }, lost);
}

function tableOptions(config: Config): CheckpointTableOptions {
  const { server, table } = config.checkpoint;
  if (server === null) throw new RowcastError('CONFIG_INVALID', 'checkpoint.type is mysql, which needs checkpoint.server');
  return { ...server, name: config.name, table };
}

function topicStore(config: Config, context: StoreContext): KafkaCheckpointStore {
  return new KafkaCheckpointStore(topicOptions(config), context);
}

function topicOptions(config: Config): KafkaCheckpointOptions {
  const { sink, name, checkpoint } = config;
  if (sink.type !== 'kafka') throw new RowcastError('CONFIG_INVALID', `checkpoint.type is kafka, and the sink is ${sink.type}`);
  return { ...kafkaOptions(config, sink), name, topic: checkpoint.topic, transactionalId: transactionalId(name), transactionTimeoutMs: sink.transaction.timeout };
}
