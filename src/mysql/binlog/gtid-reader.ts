import type { GtidParts } from '../../core/change.ts';
import type { Cursor } from './cursor.ts';
import { GtidFields, SID_BYTES } from './gtid.ts';
import { readTaggedGtid } from './tagged-gtid.ts';
import { formatUuid } from './uuid.ts';

/** Reads MySQL's GTID events of a stream, one after another. Many transactions in a row have one text for their source. */
export class GtidReader {
  readonly #fields = new GtidFields();
  readonly #sid = Buffer.alloc(SID_BYTES);
  #text = formatUuid(this.#sid);
  /** Of the last event: microseconds since 1970 when it was committed at its origin, 0 where the server does not tell. */
  committedMicros = 0;

  /** GTID, or ANONYMOUS_GTID: null. @throws RowcastError EVENT_CORRUPT */
  read(body: Cursor, anonymous: boolean): GtidParts | null {
    const fields = this.#fields;
    fields.read(body.bytes, body, anonymous);
    this.committedMicros = fields.committedMicros;
    return anonymous ? null : { source: this.#source(body.bytes, fields.sidAt), separator: ':', number: fields.gno };
  }

  /** GTID_TAGGED. @throws RowcastError EVENT_CORRUPT, EVENT_UNSUPPORTED */
  readTagged(body: Cursor): GtidParts {
    const { sid, tag, gno, committedMicros } = readTaggedGtid(body);
    this.committedMicros = committedMicros;
    const source = this.#source(sid, 0);
    return { source: tag === '' ? source : `${source}:${tag}`, separator: ':', number: gno };
  }

  #source(bytes: Buffer, at: number): string {
    for (let i = 0; i < SID_BYTES; i++) {
      if (this.#sid[i] === bytes[at + i]) continue;
      bytes.copy(this.#sid, 0, at, at + SID_BYTES);
      this.#text = formatUuid(this.#sid);
      break;
    }
    return this.#text;
  }
}
