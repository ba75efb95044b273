import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { FileNoteStore } from '../../../src/checkpoint/stores/file-notes.ts';
import { FileCheckpointStore } from '../../../src/checkpoint/stores/file-store.ts';
import { PieceNoteStore } from '../../../src/checkpoint/stores/piece-notes.ts';
import type { RowcastError } from '../../../src/core/errors.ts';
import type { NoteStore } from '../../../src/core/notes.ts';
import type { CheckpointStore } from '../../../src/core/ports.ts';
import { Secret } from '../../../src/core/secret.ts';
import { TableCheckpointStore } from '../../../src/mysql/checkpoint-table.ts';
import { KafkaCheckpointStore } from '../../../src/sink/kafka/checkpoint-store.ts';
import { freshDatabase, query } from '../../support/mysql.ts';

const kafka = inject('kafka');
const folder = await mkdtemp(join(tmpdir(), 'rowcast-stores-'));
const databases = new Map<'mysql' | 'mariadb' | 'mysql56', string>();

/** Makes the databases that tables are in. */
export async function prepareStores(): Promise<void> {
  for (const kind of ['mysql', 'mariadb', 'mysql56'] as const) databases.set(kind, await freshDatabase(inject(kind), 'stores'));
}

export function removeStores(): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** A store of one kind: `place` is the file, topic or table; `lost` collects what it is told. */
export type Make = (place: string, name: string, lost: RowcastError[]) => CheckpointStore & { isHeld?(): Promise<boolean> };

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** `elected`: an election has decided that it leads. */
export function table(kind: 'mysql' | 'mariadb' | 'mysql56', place: string, name: string, lost: RowcastError[], elected = false): TableCheckpointStore {
  const { host, port } = inject(kind);
  const server = { host, port, user: 'root', password: new Secret(''), connectTimeout: 5_000, tls: { mode: 'preferred', ca: null, cert: null, key: null } as const };
  return new TableCheckpointStore({ ...server, name, lockSeconds: 1, table: `${databases.get(kind) ?? ''}.${place}`, elected }, (error) => lost.push(error));
}

export function topic(place: string, name: string, lost: RowcastError[], at: { readonly host: string; readonly port: number } = kafka): KafkaCheckpointStore {
  return new KafkaCheckpointStore({
    brokers: [`${at.host}:${String(at.port)}`], clientId: 'stores', compression: 'none', topics: { create: true }, batchBytes: 1 << 20, requestTimeoutMs: 10_000, connectTimeoutMs: 5_000, memory: 1 << 20,
    name, topic: place, transactionalId: `${place}-${name}`, transactionTimeoutMs: 10_000,
  }, { logger: quiet, lost: (error) => lost.push(error) });
}

export const KINDS: readonly (readonly [string, Make])[] = [
  ['file', (place, name, lost) => new FileCheckpointStore(join(folder, place), name, (error) => lost.push(error))],
  ['kafka', (place, name, lost) => topic(place, name, lost)],
  ['a table of MySQL 9.7', (place, name, lost) => table('mysql', place, name, lost)],
  ['a table of MariaDB', (place, name, lost) => table('mariadb', place, name, lost)],
  ['a table of MySQL 5.6', (place, name, lost) => table('mysql56', place, name, lost)],
];

/** Kills the session that holds the lock of the daemon `shop`. */
export async function killHolder(kind: 'mysql' | 'mariadb', place: string): Promise<void> {
  const lock = `concat('rowcast:', left(sha2('${databases.get(kind) ?? ''}.${place} shop', 256), 40))`;
  const [row] = await query(inject(kind), `select is_used_lock(${lock}) as id`);
  await query(inject(kind), `kill ${String(row?.['id'])}`);
}

/** The notes beside a store of KINDS at `place`. */
export function notesOf(store: CheckpointStore, place: string, name: string): NoteStore {
  if (store instanceof KafkaCheckpointStore || store instanceof TableCheckpointStore) return new PieceNoteStore(store.pieces, name);
  return new FileNoteStore(join(folder, `${place}.schema`), name);
}

/** The name of a table at `place`, with its database. */
export function tableName(kind: 'mysql' | 'mariadb' | 'mysql56', place: string): string {
  return `${databases.get(kind) ?? ''}.${place}`;
}
