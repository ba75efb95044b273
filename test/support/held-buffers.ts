import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Watches the bytes of buffers that are held beyond those of now. What is held counts, not what nobody has collected yet: from `limit`
 * on it is collected, some times over, for a collector may still be sweeping when it returns.
 */
export function heldBuffers(limit: number): () => number {
  const before = process.memoryUsage().arrayBuffers;
  const held = (): number => process.memoryUsage().arrayBuffers - before;
  return () => {
    for (let round = 0; round < 10 && held() >= limit; round++) collect();
    return held();
  };
}
