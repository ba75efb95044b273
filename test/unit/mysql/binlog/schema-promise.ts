import type { CatalogueTable } from '../../../../src/mysql/binlog/catalogue.ts';

/** An answer of the catalogue that the test gives when it likes. */
export class SchemaPromise {
  readonly promise: Promise<CatalogueTable>;
  resolve: (table: CatalogueTable) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
