import { RowcastError } from '../../core/errors.ts';

/** `host:port` in two parts; an IPv6 host may be in brackets. @throws RowcastError CONFIG_INVALID */
export function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  if (match === null || host === undefined) throw new RowcastError('CONFIG_INVALID', `the broker ${JSON.stringify(text)} is not host:port`);
  return { host, port: Number(match[3]) };
}
