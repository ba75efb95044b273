import type { Config, RouteConfig } from './compile.ts';
import type { Disagreement } from './disagreement.ts';
import type { Path } from './places.ts';

type FormatConfig = Config['format'];

/** Options of formats that are each right but do not agree. */
export function formatDisagreements(config: Config): Disagreement[] {
  const { format, routes, source } = config;
  return [...sharedTopics(config), ...ofFormat(format, ['format'], source), ...routes.flatMap((route, index) => (route.format === null ? [] : ofFormat(route.format, ['routes', index, 'format'], source)))];
}

/** Ends of transactions in one topic are counted together, and have one form. */
function sharedTopics({ name, format: common, routes }: Config): Disagreement[] {
  const forms = new Map<string, boolean>();
  return routes.flatMap(({ format: own, drop }, index): Disagreement[] => {
    const format = own ?? common;
    if (drop || format.type !== 'debezium' || !format.transactions) return [];
    const topic = format.transactionTopic ?? `${name}.transaction`;
    const known = forms.get(topic) ?? format.schemas;
    forms.set(topic, known);
    if (known === format.schemas) return [];
    const path = own === null ? ['format', 'schemas'] : ['routes', index, 'format', 'schemas'];
    return [{ path, message: `is ${String(format.schemas)}, and another format with the transaction topic ${topic} has it otherwise`, repair: 'Write the same schemas in both, or name another transactionTopic in one of them.' }];
  });
}

/** What a route asks for and its format cannot say. */
export function routeFormatDisagreements({ operations, tombstones, format: own, drop }: RouteConfig, path: Path, common: FormatConfig): Disagreement[] {
  const format = own ?? common;
  const found: Disagreement[] = [];
  const mute = format.type === 'maxwell' ? 'maxwell' : format.type === 'debezium' && format.flat !== null ? 'flat' : null;
  if (mute !== null && operations.includes('truncate')) {
    found.push({ path: [...path, 'operations'], message: `names truncate, which ${mute} messages cannot tell`, repair: `Remove truncate, or give the route a format ${mute === 'flat' ? 'without flat' : 'that can'}.` });
  }
  if (format.type === 'canal' && tombstones && !drop) {
    found.push({ path: [...path, 'tombstones'], message: 'does nothing, since messages of canal have no key', repair: 'Remove tombstones, or give the route another format.' });
  }
  return found;
}

function ofFormat(format: FormatConfig, path: Path, source: Config['source']): Disagreement[] {
  switch (format.type) {
    case 'canal':
      return expressions(format.partitionHash, [...path, 'partitionHash']);
    case 'debezium':
      return ofDebezium(format, path);
    case 'maxwell':
      return [...ofMaxwell(format, path), ...ofQuery(format, path, source)];
    default:
      return [];
  }
}

function ofDebezium({ transactions, transactionTopic, heartbeat, heartbeatTopic }: Extract<FormatConfig, { readonly type: 'debezium' }>, path: Path): Disagreement[] {
  const found: Disagreement[] = [];
  if (transactionTopic !== null && !transactions) {
    found.push({ path: [...path, 'transactionTopic'], message: 'does nothing, since transactions is false', repair: 'Write transactions: true beside it, or remove transactionTopic.' });
  }
  if (heartbeatTopic !== null && heartbeat === null) {
    found.push({ path: [...path, 'heartbeatTopic'], message: 'does nothing without heartbeat', repair: 'Write heartbeat: 10s beside it, or remove heartbeatTopic.' });
  }
  return found;
}

type MaxwellConfig = Extract<FormatConfig, { readonly type: 'maxwell' }>;

function ofQuery({ rowQuery, rowQueryMaxLength }: MaxwellConfig, path: Path, source: Config['source']): Disagreement[] {
  if (rowQuery && !source.query) return [{ path: [...path, 'rowQuery'], message: 'does nothing, since source.query is false', repair: 'Write source: { query: true }, or remove rowQuery.' }];
  if (rowQuery || rowQueryMaxLength === 0) return [];
  return [{ path: [...path, 'rowQueryMaxLength'], message: 'does nothing, since rowQuery is false', repair: 'Write rowQuery: true beside it, or remove rowQueryMaxLength.' }];
}

function ofMaxwell(format: MaxwellConfig, path: Path): Disagreement[] {
  const found: Disagreement[] = [];
  if (format.partitionBy === 'column' && format.partitionColumns.length === 0) {
    found.push({ path: [...path, 'partitionBy'], message: 'is column, which needs partitionColumns', repair: 'Add partitionColumns: [customer_id] beside it.' });
  }
  if (format.partitionBy !== 'column' && format.partitionColumns.length > 0) {
    found.push({ path: [...path, 'partitionColumns'], message: `does nothing, since partitionBy is ${format.partitionBy}`, repair: 'Write partitionBy: column, or remove partitionColumns.' });
  }
  if (format.xoffset && !format.commitInfo) found.push({ path: [...path, 'xoffset'], message: 'needs commitInfo', repair: 'Remove commitInfo: false, or xoffset.' });
  return found;
}

/** Each part of a `partitionHash` up to its last colon is a name or a regular expression. */
function expressions(text: string, path: Path): Disagreement[] {
  return text.split(/[,;]/).flatMap((part) => {
    const colon = part.lastIndexOf(':');
    const name = (colon > 0 ? part.slice(0, colon) : part).trim();
    try {
      new RegExp(name);
      return [];
    } catch {
      return [{ path, message: `has ${name}, which is no regular expression`, repair: 'Write it as in canal.mq.partitionHash: .*\\\\..*:$pk$ or shop.orders:id^customer.' }];
    }
  });
}
