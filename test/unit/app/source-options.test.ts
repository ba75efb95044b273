import { describe, expect, it } from 'vitest';
import { sourceOptions } from '../../../src/app/source-options.ts';
import { parseConfig } from '../../../src/config/load.ts';

function holding(formats: string): { readonly all: boolean; readonly memory: number; readonly path: string } {
  const text = `name: shop\nsource: { user: rowcast }\nsink: { type: stdout }\ncheckpoint: { path: /data/shop }\nlimits: { held: 3MiB }\n${formats}`;
  const { config } = parseConfig(text, { path: 'f.yaml', env: {}, readFile: () => '' });
  if (config === null) throw new Error('the configuration is wrong');
  return sourceOptions(config, { captures: () => true, reaches: () => true, names: () => false, ignoreCase: () => undefined, namesHidden: () => false, hidesColumns: () => false }, false).holding;
}

describe('transactions are held until their end', () => {
  it('in memory and beside the checkpoint, only where that is needed', () => {
    expect(holding("routes: [{ tables: '*.*' }]")).toEqual({ all: false, memory: 3 * 2 ** 20, path: '/data/shop.held' });
  });

  it.each([
    ['the format of the file', "format: maxwell\nroutes: [{ tables: '*.*' }]", true],
    ['that of a route', "routes: [{ tables: 'a.*', format: maxwell }, { tables: '*.*' }]", true],
    ['a partition', "format: { type: maxwell, commitInfo: false, partitionBy: transaction_id }\nroutes: [{ tables: '*.*' }]", true],
    ['a fallback', "format: { type: maxwell, commitInfo: false, partitionBy: column, partitionColumns: [a], partitionFallback: transaction_id }\nroutes: [{ tables: '*.*' }]", true],
    ['nobody', "format: { type: maxwell, commitInfo: false }\nroutes: [{ tables: '*.*' }]", false],
    ['another format', "format: canal\nroutes: [{ tables: '*.*' }]", false],
  ])('where %s asks for the XID beforehand', (_, formats, all) => {
    expect(holding(formats).all).toBe(all);
  });
});
