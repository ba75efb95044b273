import { RowcastError } from '../../core/errors.ts';

/** Streams in a row that the server ended early before that counts as a fight over the server id. */
const PATIENCE = 3;
/** Milliseconds: a stream that lasted longer was not ended early. */
const EARLY = 60_000;

/**
 * MySQL before 5.7 ends the dump of a replica whose id connects again without saying why. Two daemons under one id then
 * end each other's streams for ever: after three early ends in a row that is taken for the reason.
 */
export class Dismissals {
  #inARow = 0;

  /** What ended a stream that lasted `lasted` milliseconds, seen with the ones before it. */
  judge(error: RowcastError | null, lasted: number): RowcastError | null {
    this.#inARow = error?.facts.dismissed !== undefined && lasted < EARLY ? this.#inARow + 1 : 0;
    if (error === null || this.#inARow < PATIENCE) return error;
    return new RowcastError('SERVER_ID_TAKEN', `the server ended ${this.#inARow} streams in a row soon after they began, as it does when another replica connects with the same server id`, { cause: error });
  }
}
