import type { Column, TableVersion } from '../../../../src/core/table.ts';
import { describeColumn } from '../../../../src/mysql/columns/describe.ts';

const INT = 3;
const JSON_TYPE = 245;

/** Table `fix.j` (id INT, d JSON, n INT, e JSON). */
export function jsonTable(): TableVersion {
  const columns = ([['id', INT], ['d', JSON_TYPE], ['n', INT], ['e', JSON_TYPE]] as const).map(([name, typeCode], index): Column => ({
    index,
    name,
    nullable: true,
    ...describeColumn({ name, typeCode, meta: typeCode === INT ? 0 : 4, unsigned: false, charset: null, labels: null, geometry: null, dimensions: null, declared: null }),
  }));
  return { database: 'fix', name: 'j', columns, primaryKey: [0], captured: true };
}
