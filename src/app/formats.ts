import type { Config } from '../config/compile.ts';
import type { Clock, Format } from '../core/ports.ts';
import { createFormat } from '../format/formats.ts';
import { version } from './version.ts';

/** The format of each route by its place, or for −1 that of the file; equal choices are one format, made when it is first asked for. `connector` is asked then. */
export function formatsOf(config: Config, connector: () => 'mysql' | 'mariadb', clock: Clock): (route: number) => Format {
  const made = new Map<string, Format>();
  return (route) => {
    const choice = config.routes[route]?.format ?? config.format;
    const id = JSON.stringify(choice);
    const known = made.get(id);
    if (known !== undefined) return known;
    const format = createFormat(choice, { serverName: config.name, version: version(), connector: connector(), clock });
    made.set(id, format);
    return format;
  };
}
