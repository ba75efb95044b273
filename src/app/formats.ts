import type { Config } from '../config/compile.ts';
import type { Clock, Format, HeartbeatTeller } from '../core/ports.ts';
import { createFormat } from '../format/formats.ts';
import type { FormatChoice } from '../format/formats.ts';
import { version } from './version.ts';

/** The format of each route by its place, or for −1 that of the file; equal choices are one format, made when it is first asked for. `connector` is asked then. */
export function formatsOf(config: Config, connector: () => 'mysql' | 'mariadb', clock: Clock): (route: number) => Format {
  const made = new Map<string, Format>();
  return (route) => {
    const choice = config.routes[route]?.format ?? config.format;
    const id = JSON.stringify(choice);
    const known = made.get(id);
    if (known !== undefined) return known;
    const format = createFormat(choiceOf(choice, config.name), { serverName: config.name, version: version(), connector: connector(), clock });
    made.set(id, format);
    return format;
  };
}

/** Every format that the configuration names, that of the file first. */
export function allFormats(config: Config, format: (route: number) => Format): readonly Format[] {
  return [...new Set([-1, ...config.routes.keys()].map(format))];
}

/** What tells signs of life. */
export function heartbeatsOf(formats: readonly Format[]): readonly HeartbeatTeller[] {
  return formats.flatMap(({ heartbeat }) => (heartbeat === undefined ? [] : [heartbeat]));
}

/** Topics that the formats write to besides those of rows, each once. */
export function sideTopics(formats: readonly Format[]): readonly string[] {
  return [...new Set(formats.flatMap(({ transactions, heartbeat }) => [transactions, heartbeat].flatMap((teller) => (teller === undefined ? [] : [teller.topic]))))];
}

function choiceOf(written: Config['format'], name: string): FormatChoice {
  if (written.type !== 'debezium') return written;
  const { transactions, transactionTopic, heartbeat, heartbeatTopic, flat, schemas, decimal, bigintUnsigned, binary, timePrecision } = written;
  return {
    type: 'debezium',
    options: {
      schemas,
      decimal,
      bigintUnsigned,
      binary,
      timePrecision,
      transactionTopic: transactions ? (transactionTopic ?? `${name}.transaction`) : null,
      heartbeat: heartbeat === null ? null : { intervalMs: heartbeat, topic: heartbeatTopic ?? `__debezium-heartbeat.${name}` },
      flat,
    },
  };
}
