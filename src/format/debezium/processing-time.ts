import { ByteWriter } from '../../core/byte-writer.ts';
import type { Clock } from '../../core/ports.ts';
import { currentView } from '../event-cache.ts';
import { writeMicros, writeMillis, writeNanos } from '../times.ts';

const ROOM = 128;

/** The end of an envelope, `","ts_ms":…,"ts_us":…,"ts_ns":…}`: when the clock was read. */
export class ProcessingTime {
  readonly #clock: Clock;
  readonly #scratch = new ByteWriter(ROOM);
  #micros = -1;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks at the clock; it is encoded anew when it has moved. */
  read(): void {
    const now = this.#clock.nowMicros();
    if (now !== this.#micros) this.#encode(now);
  }

  write(out: ByteWriter): void {
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
