import type { HeartbeatTeller, SideMessage } from '../../core/ports.ts';
import type { FormatContext } from '../context.ts';
import { required } from './connect-schema.ts';
import { sideMessage } from './side-message.ts';

const SCHEMAS = {
  key: { type: 'struct', fields: [required('string', 'serverName')], optional: false, name: 'io.debezium.connector.common.ServerNameKey', version: 1 },
  value: { type: 'struct', fields: [required('int64', 'ts_ms')], optional: false, name: 'io.debezium.connector.common.Heartbeat', version: 1 },
};

export interface HeartbeatsOptions {
  readonly topic: string;
  readonly intervalMs: number;
  readonly context: FormatContext;
  readonly schemas: boolean;
}

/** Messages that say that the daemon lives, for a topic of their own. */
export class Heartbeats implements HeartbeatTeller {
  readonly topic: string;
  readonly intervalMs: number;
  readonly #context: FormatContext;
  readonly #schemas: boolean;

  constructor({ topic, intervalMs, context, schemas }: HeartbeatsOptions) {
    this.topic = topic;
    this.intervalMs = intervalMs;
    this.#context = context;
    this.#schemas = schemas;
  }

  message(): SideMessage {
    const { serverName, clock } = this.#context;
    return sideMessage({ serverName }, { ts_ms: Math.floor(clock.nowMicros() / 1000) }, this.#schemas ? SCHEMAS : null);
  }
}
