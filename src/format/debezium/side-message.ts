import type { SideMessage } from '../../core/ports.ts';
import type { ConnectSchema } from './connect-schema.ts';
import { schemaText } from './connect-schema.ts';

/** Schemas of a message that is about no row. */
export interface SideSchemas {
  readonly key: ConnectSchema;
  readonly value: ConnectSchema;
}

/** A message that is about no row, with its schemas where there are any. */
export function sideMessage(key: object, value: object, schemas: SideSchemas | null): SideMessage {
  return textMessage(JSON.stringify(key), JSON.stringify(value), schemas);
}

/** The same of JSON that is written already. */
export function textMessage(key: string, value: string, schemas: SideSchemas | null): SideMessage {
  return { key: withSchema(key, schemas?.key), value: withSchema(value, schemas?.value), headers: [] };
}

function withSchema(payload: string, schema: ConnectSchema | undefined): Buffer {
  return Buffer.from(schema === undefined ? payload : `${schemaText(schema)}${payload}}`);
}
