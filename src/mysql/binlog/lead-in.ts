import { RowcastError } from '../../core/errors.ts';
import type { DecoderStart, Lead } from './options.ts';
import type { Place } from './place.ts';

/** What a stream sends before the place that was asked for, and how that is passed over. */
export class LeadIn {
  readonly #file: string;
  readonly #position: number;
  /** `none` once the place is reached. */
  #lead: Lead;

  constructor({ file, position, serverUuid, reads = serverUuid, lead = 'none' }: DecoderStart) {
    this.#file = file;
    this.#position = position;
    // A file of that name on another server is another file.
    this.#lead = lead === 'left-out' && reads !== serverUuid ? 'none' : lead;
  }

  /** True while what comes lies before the place, and is only counted. */
  get passing(): boolean {
    return this.#lead === 'sent';
  }

  /** True for the event at `place` when it lies before. @throws RowcastError SOURCE_RESET where the place is inside it */
  passes(place: Place): boolean {
    if (this.#lead !== 'sent') return false;
    if (place.start >= this.#position) {
      this.#lead = 'none';
      return false;
    }
    if (place.position > this.#position) throw this.#gone(place);
    return true;
  }

  /** The stream goes on in another file. @throws RowcastError SOURCE_RESET when the place was not reached in its own */
  rotate(place: Place): void {
    if (this.#lead === 'sent' && place.position < this.#position) throw this.#gone(place);
    this.#lead = 'none';
  }

  /** The first transaction. Those before the place were left out, and headers tell only the low half of where it is. */
  begin(place: Place): void {
    if (this.#lead === 'left-out' && place.file === this.#file) place.notBefore(this.#position);
    this.#lead = 'none';
  }

  #gone(place: Place): RowcastError {
    return new RowcastError('SOURCE_RESET', `${this.#file}:${this.#position} is not between two events: one lies at ${place.start} to ${place.position}`);
  }
}
