/** What the commands use: the daemon and the looks at it, put together from all rooms. */
export { checkAll } from './app/check.ts';
export { explainTable } from './app/explain.ts';
export { exportPosition, importPosition, setPosition, showPosition } from './app/position.ts';
export { runDaemon } from './app/run.ts';
export { recaptureTable, showSchema } from './app/schema.ts';
export { tailUrl } from './app/tail.ts';
export { verifyTables } from './app/verify/verify.ts';
