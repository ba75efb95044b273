import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { defaultTopic, typesOf } from './compile.ts';
import type { Config, KafkaConfig, RouteConfig } from './compile.ts';
import { checkpointDisagreements } from './checkpoint-agreement.ts';
import type { Disagreement } from './disagreement.ts';
import { formatDisagreements, routeFormatDisagreements } from './format-agreement.ts';
import type { Path } from './places.ts';

export type { Disagreement } from './disagreement.ts';

/** Checks what no single key can: routes, masks, logins and certificates as a whole. `isWritten` tells a key that the file has from a default. */
export function disagreements(config: Config, isWritten: (path: Path) => boolean): Disagreement[] {
  return [
    ...config.routes.flatMap((route, index) => routeDisagreements(route, ['routes', index], config)),
    ...formatDisagreements(config),
    ...maskDisagreements(config),
    ...quarantineDisagreements(config),
    ...checkpointDisagreements(config, isWritten),
    ...(config.sink.type === 'kafka' ? loginDisagreements(config.sink) : []),
    ...certificateDisagreements(config.source.tls, ['source', 'tls']),
    ...(config.sink.type === 'kafka' && config.sink.tls !== null ? certificateDisagreements(config.sink.tls, ['sink', 'tls']) : []),
  ];
}

function routeDisagreements(route: RouteConfig, path: Path, config: Config): Disagreement[] {
  const { include, exclude, rename } = route.columns;
  const found: Disagreement[] = [];
  if (include !== null && exclude !== null) {
    found.push({ path: [...path, 'columns', 'exclude'], message: 'and include both stand here', repair: 'Keep one of them: include names the columns to show, exclude the ones to leave out.' });
  }
  for (const [column, name] of Object.entries(rename)) {
    if (Object.entries(rename).some(([other, same]) => other < column && same === name)) {
      found.push({ path: [...path, 'columns', 'rename', column], message: `gives a second column the name ${name}`, repair: 'Give every column a name of its own.' });
    }
  }
  if (route.drop && saysMore(route, config)) {
    found.push({ path: [...path, 'drop'], message: 'leaves out all rows of these tables, so the other keys of this route do nothing', repair: 'Remove drop, or all keys but tables.' });
  }
  found.push(...routeFormatDisagreements(route, path, config.format));
  if (route.operations.length === 0) {
    found.push({ path: [...path, 'operations'], message: 'names no operation, so no row would be told', repair: 'Name one of insert, update, delete, or write drop: true.' });
  }
  return found;
}

/** True for a route with keys that only matter to rows that are told. */
function saysMore({ where, when, format, key, topic, columns, types }: RouteConfig, { name, types: common }: Config): boolean {
  const { include, exclude, rename, mask } = columns;
  const written = [where, when, format, key, include, exclude].some((value) => value !== null);
  return written || !isDeepStrictEqual(types, typesOf(common, common)) || topic !== defaultTopic(name) || Object.keys(rename).length + Object.keys(mask).length > 0;
}

function maskDisagreements(config: Config): Disagreement[] {
  if (config.masking.key !== null) return [];
  return config.routes.flatMap((route, index) =>
    Object.entries(route.columns.mask)
      .filter(([, mask]) => mask === 'sha256')
      .map(([column]) => ({ path: ['routes', index, 'columns', 'mask', column], message: 'is sha256, which needs masking.key', repair: 'Add masking: { key_file: /run/secrets/mask-key } or masking: { key: ${MASK_KEY} } to the file.' })),
  );
}

function quarantineDisagreements({ schema, sink }: Config): Disagreement[] {
  const { file, topic } = schema.quarantine;
  const path = ['schema', 'quarantine', 'file'];
  if (schema.onUnknown === 'fail' && (file !== null || topic !== null)) {
    return [{ path: ['schema', 'quarantine', file === null ? 'topic' : 'file'], message: 'does nothing, since schema.onUnknown is fail', repair: 'Write onUnknown: quarantine, or remove it.' }];
  }
  if (file !== null && topic !== null) return [{ path, message: 'and topic both stand here', repair: 'Keep one of them: rows in quarantine go to one place.' }];
  if (file === null || sink.type !== 'file' || resolve(sink.path) !== resolve(file)) return [];
  return [{ path, message: 'is the file of the sink', repair: 'Name another file: each has one writer.' }];
}

function loginDisagreements({ sasl }: KafkaConfig): Disagreement[] {
  if (sasl === null) return [];
  const path = ['sink', 'sasl', 'mechanism'];
  if (sasl.mechanism === 'oauthbearer') {
    if ((sasl.token === null) !== (sasl.tokenFile === null)) return [];
    return [{ path, message: 'is oauthbearer, which needs either token or tokenFile', repair: 'Add tokenFile: /run/secrets/kafka-token beside it, or token: ${KAFKA_TOKEN}.' }];
  }
  if (sasl.username !== null && sasl.password !== null) return [];
  return [{ path, message: `is ${sasl.mechanism}, which needs username and password`, repair: 'Add username: … and password_file: … beside it.' }];
}

function certificateDisagreements(tls: { readonly cert: string | null; readonly key: object | null }, path: Path): Disagreement[] {
  if ((tls.cert === null) === (tls.key === null)) return [];
  return [{ path: [...path, tls.cert === null ? 'key' : 'cert'], message: `needs ${tls.cert === null ? 'cert' : 'key'} beside it`, repair: 'A client certificate has both: cert_file: … and key_file: …' }];
}
