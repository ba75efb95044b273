import type * as check from './app/check.ts';
import type * as explain from './app/explain.ts';
import type * as position from './app/position.ts';
import type * as run from './app/run.ts';
import type * as schema from './app/schema.ts';
import type * as tail from './app/tail.ts';
import type * as verify from './app/verify/verify.ts';

/*
 * What the commands use: the daemon and the looks at it, put together from all rooms. Each is loaded when it is asked for:
 * a daemon keeps no code in memory that only a look at one needs.
 */

export const runDaemon: typeof run.runDaemon = async (...args) => (await import('./app/run.ts')).runDaemon(...args);
export const checkAll: typeof check.checkAll = async (...args) => (await import('./app/check.ts')).checkAll(...args);
export const explainTable: typeof explain.explainTable = async (...args) => (await import('./app/explain.ts')).explainTable(...args);
export const tailUrl: typeof tail.tailUrl = async (...args) => (await import('./app/tail.ts')).tailUrl(...args);
export const verifyTables: typeof verify.verifyTables = async (...args) => (await import('./app/verify/verify.ts')).verifyTables(...args);
export const showSchema: typeof schema.showSchema = async (...args) => (await import('./app/schema.ts')).showSchema(...args);
export const recaptureTable: typeof schema.recaptureTable = async (...args) => (await import('./app/schema.ts')).recaptureTable(...args);
export const showPosition: typeof position.showPosition = async (...args) => (await import('./app/position.ts')).showPosition(...args);
export const setPosition: typeof position.setPosition = async (...args) => (await import('./app/position.ts')).setPosition(...args);
export const exportPosition: typeof position.exportPosition = async (...args) => (await import('./app/position.ts')).exportPosition(...args);
export const importPosition: typeof position.importPosition = async (...args) => (await import('./app/position.ts')).importPosition(...args);
