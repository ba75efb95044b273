import { ByteWriter } from '../../core/byte-writer.ts';
import type { Clock } from '../../core/ports.ts';
import { currentView } from '../event-cache.ts';
import { writeMicros, writeMillis, writeNanos } from '../times.ts';

const ROOM = 128;

/** The end of an envelope, `","ts_ms":…,"ts_us":…,"ts_ns":…}`: when it was written. Encoded anew when the clock has moved. */
export class ProcessingTime {
  readonly #clock: Clock;
  readonly #scratch = new ByteWriter(ROOM);
  #micros = -1;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  write(out: ByteWriter): void {
    const now = this.#clock.nowMicros();
    if (now !== this.#micros) this.#encode(now);
    out.raw(this.#bytes);
  }

  #encode(now: number): void {
    const scratch = this.#scratch;
    scratch.at = 0;
    scratch.latin1('","ts_ms":');
    writeMillis(now, scratch);
    scratch.latin1(',"ts_us":');
    writeMicros(now, scratch);
    scratch.latin1(',"ts_ns":');
    writeNanos(now, scratch);
    scratch.latin1('}');
    this.#bytes = currentView(scratch, this.#bytes);
    this.#micros = now;
  }
}
