import type { Config } from './compile.ts';
import type { Disagreement } from './disagreement.ts';
import type { Path } from './places.ts';

type FormatConfig = Config['format'];

/** Options of formats that are each right but do not agree. */
export function formatDisagreements({ format, routes }: Config): Disagreement[] {
  return [...ofFormat(format, ['format']), ...routes.flatMap((route, index) => (route.format === null ? [] : ofFormat(route.format, ['routes', index, 'format'])))];
}

function ofFormat(format: FormatConfig, path: Path): Disagreement[] {
  if (format.type === 'canal') return expressions(format.partitionHash, [...path, 'partitionHash']);
  if (format.type !== 'maxwell') return [];
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
