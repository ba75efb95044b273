import type { Row } from './fields.ts';

/** Asks the server; see `SqlSession` of the stream. */
export type Ask = (sql: string, values?: readonly (string | number)[]) => Promise<readonly Row[]>;
