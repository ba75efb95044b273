import type { Config } from '../config/compile.ts';
import type { Clock, Format } from '../core/ports.ts';
import { createFormat } from '../format/formats.ts';
import { version } from './version.ts';

/** Formats by name, each made when first asked for; undefined asks for the configuration's default. `connector` is asked then. */
export function formatsOf(config: Config, connector: () => 'mysql' | 'mariadb', clock: Clock): (name: string | undefined) => Format {
  const made = new Map<string, Format>();
  return (name = config.format) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const format = createFormat(name, { serverName: config.name, version: version(), connector: connector(), clock });
    made.set(name, format);
    return format;
  };
}
