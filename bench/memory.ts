import { freemem } from 'node:os';
import { command } from '../scripts/servers/command.ts';

/** What a drain takes at most: the topic in the page cache, and the heap of whoever writes it. */
const MOST_GIB = 4;
/** Of the memory that is free. */
const PART = 0.5;
const GIB = 2 ** 30;

/**
 * Writes once to as much free memory as a drain needs, and frees it. The host of a virtual machine takes pages back that are free
 * for seconds, and whoever uses them next waits for it: up to a third of the rate of those that write fastest, on some runs and
 * not on others. Where no host does, this changes nothing.
 */
export async function claimMemory(): Promise<void> {
  const gib = Math.min(MOST_GIB, Math.floor((freemem() * PART) / GIB));
  await command(process.execPath, ['-e', `const kept = []; for (let i = 0; i < ${gib}; i++) kept.push(Buffer.alloc(${GIB}, 1));`]);
}
