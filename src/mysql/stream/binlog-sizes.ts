import { binlogFileName } from '../binlog/file-name.ts';
import { FILE_START } from '../binlog/place.ts';
import type { BinlogSpot } from './binlog-scan.ts';
import type { BinlogFile } from './server-facts.ts';

/** Files whose sizes are remembered; the oldest go first. */
const KEPT = 10_000;

/** Sizes of finished binlog files, remembered when the server has purged them, so that a gap has a size. */
export class BinlogSizes {
  readonly #sizes = new Map<string, number>();

  /** As the server lists them now. The last one still grows. */
  listed(files: readonly BinlogFile[]): void {
    for (const { name, size } of files.slice(0, -1)) {
      this.#sizes.delete(name);
      this.#sizes.set(name, size);
    }
    for (const name of this.#sizes.keys()) {
      if (this.#sizes.size <= KEPT) return;
      this.#sizes.delete(name);
    }
  }

  /** Bytes of binlog from one place of a server to a later one; null where a file in between was never listed when it was finished. */
  between(from: BinlogSpot, to: BinlogSpot): number | null {
    const [one, other] = [binlogFileName(from.file), binlogFileName(to.file)];
    if (one.digits === 0 || other.digits === 0 || one.base !== other.base || one.number > other.number) return null;
    let bytes = Math.max(0, to.position - FILE_START) - from.position;
    for (let number = one.number; number < other.number; number++) {
      const size = this.#sizes.get(`${one.base}.${String(number).padStart(one.digits, '0')}`);
      if (size === undefined) return null;
      bytes += size;
    }
    return Math.max(0, bytes);
  }
}
