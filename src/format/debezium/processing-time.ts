import { ByteWriter } from '../../core/byte-writer.ts';
import type { Clock } from '../../core/ports.ts';
import { writeMicros, writeMillis, writeNanos } from '../times.ts';

const ROOM = 128;

/** The end of an envelope, `","ts_ms":…,"ts_us":…,"ts_ns":…}`: when the clock was read. */
export class ProcessingTime {
  readonly #clock: Clock;
  readonly #text = new ByteWriter(ROOM);
  #micros = -1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks at the clock; it is encoded anew when it has moved. */
  read(): void {
    const now = this.#clock.nowMicros();
    if (now !== this.#micros) this.#encode(now);
  }

  write(out: ByteWriter): void {
    out.all(this.#text);
  }

  #encode(now: number): void {
    const text = this.#text;
    text.at = 0;
    text.latin1('","ts_ms":');
    writeMillis(now, text);
    text.latin1(',"ts_us":');
    writeMicros(now, text);
    text.latin1(',"ts_ns":');
    writeNanos(now, text);
    text.latin1('}');
    this.#micros = now;
  }
}
