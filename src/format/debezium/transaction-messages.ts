import type { Transaction } from '../../core/change.ts';
import type { SideMessage, TableCount, TransactionTeller } from '../../core/ports.ts';
import { tableLabel } from '../../core/table.ts';
import { optional, required } from './connect-schema.ts';
import { sideMessage } from './side-message.ts';

const KEY = { type: 'struct', fields: [required('string', 'id')], optional: false, name: 'io.debezium.connector.common.TransactionMetadataKey', version: 1 };
const TABLES = {
  type: 'array',
  items: { type: 'struct', fields: [required('string', 'data_collection'), required('int64', 'event_count')], optional: true, name: 'event.collection', version: 1 },
  optional: true,
  field: 'data_collections',
};
const VALUE = {
  type: 'struct',
  fields: [required('string', 'status'), required('string', 'id'), optional('int64', 'event_count'), TABLES, required('int64', 'ts_ms')],
  optional: false,
  name: 'io.debezium.connector.common.TransactionMetadataValue',
  version: 1,
};

/** BEGIN and END of transactions, for the topic of transactions. */
export class TransactionMessages implements TransactionTeller {
  readonly topic: string;
  readonly #schemas: boolean;

  constructor(topic: string, schemas: boolean) {
    this.topic = topic;
    this.#schemas = schemas;
  }

  begin(transaction: Transaction): SideMessage {
    return this.#message(transaction, { status: 'BEGIN', id: transaction.id, event_count: null, data_collections: null });
  }

  end(transaction: Transaction, told: readonly TableCount[]): SideMessage {
    const count = told.reduce((sum, { messages }) => sum + messages, 0);
    const tables = told.map(({ table, messages }) => ({ data_collection: tableLabel(table), event_count: messages }));
    return this.#message(transaction, { status: 'END', id: transaction.id, event_count: count, data_collections: tables });
  }

  #message(transaction: Transaction, value: object): SideMessage {
    const schemas = this.#schemas ? { key: KEY, value: VALUE } : null;
    return sideMessage({ id: transaction.id }, { ...value, ts_ms: Math.floor(transaction.committedMicros / 1000) }, schemas);
  }
}
