import { ByteWriter } from '../../core/byte-writer.ts';
import { RowcastError } from '../../core/errors.ts';
import { JSON_NULL, jsonStringBytes, writeJsonString } from '../../core/json-text.ts';
import type { Header, SinkContext, Ticket, TopicWriter } from '../../core/ports.ts';

/** Lines that travel together. */
export interface LineBatch {
  readonly bytes: Buffer;
  /** The writer whose buffer `bytes` is, to be used again; null where they are a copy. */
  readonly writer: ByteWriter | null;
  readonly ticket: Ticket;
  /** Messages and bytes by topic. */
  readonly topics: readonly TopicShare[];
}

export interface TopicShare {
  readonly topic: string;
  readonly messages: number;
  readonly bytes: number;
}

/** What a line holds: a whole message, or its value alone, where a tombstone has no line. */
export type LineKind = 'messages' | 'values';

/** Takes a full batch; called between two messages. */
export type Deliver = (batch: LineBatch) => void;

const FULL = 256 * 1024;
const CAPACITY = FULL + 64 * 1024;
/** Buffers kept for the next full batches. */
const SPARE = 4;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE = 0x7d;
const VALUE = Buffer.from(',"value":');
const HEADERS = Buffer.from(',"headers":{');

/**
 * Gathers messages as JSON Lines, `{"topic":…,"key":…,"value":…,"headers":{…}}`, and delivers them once a turn of the
 * event loop, or as soon as there are 256 KiB. Key and value are the format's own JSON; a message without a key has null.
 * The gate counts a line from its end until the batch is done (Invariant 6), so a batch may not hold much more memory
 * than its lines: a full one is handed over in its buffer, any other is copied.
 */
export class JsonLines {
  readonly #context: SinkContext;
  readonly #deliver: Deliver;
  /** Largest line in bytes. */
  readonly limit: number;
  readonly kind: LineKind;
  readonly #topics = new Map<string, LineTopic>();
  #out = new ByteWriter(CAPACITY);
  readonly #spare: ByteWriter[] = [];
  /** Where the last whole line ends. */
  #whole = 0;
  #ticket: Ticket | null = null;
  #scheduled: NodeJS.Immediate | null = null;

  constructor(context: SinkContext, limit: number, deliver: Deliver, kind: LineKind = 'messages') {
    this.#context = context;
    this.limit = limit;
    this.#deliver = deliver;
    this.kind = kind;
  }

  topic(name: string): LineTopic {
    const known = this.#topics.get(name) ?? new LineTopic(this, name);
    this.#topics.set(name, known);
    return known;
  }

  /** The buffer, at the start of a new line: what an unfinished message left is gone. */
  begin(): ByteWriter {
    this.#out.at = this.#whole;
    return this.#out;
  }

  /** The size of the line, or -1 where it did not fit and must be written again. @throws RowcastError ROW_TOO_LARGE */
  end(topic: string): number {
    const size = this.#out.at - this.#whole;
    this.fit(topic, size);
    if (this.#out.overflowed) {
      this.#out.grow(this.#out.at * 2, this.#whole);
      this.#out.at = this.#whole;
      return -1;
    }
    this.#whole = this.#out.at;
    this.#context.gate.take(size);
    this.#ticket ??= this.#context.ledger.open();
    return size;
  }

  /** @throws RowcastError ROW_TOO_LARGE for a line of more bytes than are allowed */
  fit(topic: string, bytes: number): void {
    if (bytes > this.limit) throw new RowcastError('ROW_TOO_LARGE', `a message for ${topic} has ${bytes} bytes, and ${this.limit} are allowed`, { facts: { topic, bytes, limit: this.limit } });
  }

  /** Delivers now where a batch is full, and else at the end of this turn. To be called after a line was counted. */
  schedule(): void {
    if (this.#whole >= FULL) this.handOver();
    else
      this.#scheduled ??= setImmediate(() => {
        this.handOver();
      });
  }

  /** Delivers what there is. */
  handOver(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    if (this.#ticket === null) return;
    const ticket = this.#ticket;
    const writer = this.#whole >= FULL ? this.#out : null;
    const bytes = writer === null ? copyOf(this.#out.bytes, this.#whole) : writer.bytes.subarray(0, this.#whole);
    if (writer !== null) this.#out = this.#spare.pop() ?? new ByteWriter(CAPACITY);
    this.#whole = 0;
    this.#ticket = null;
    this.#deliver({ bytes, writer, ticket, topics: [...this.#topics.values()].flatMap((topic) => topic.share()) });
  }

  /** Drops what was not delivered. */
  close(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled);
    this.#scheduled = null;
    this.#context.gate.give(this.#whole);
    this.#whole = 0;
    this.#ticket = null;
  }

  /** The batch is durable (Invariant 1). */
  done(batch: LineBatch): void {
    const { ledger, metrics } = this.#context;
    this.drop(batch);
    for (const { topic, messages, bytes } of batch.topics) {
      metrics.counter('rowcast_messages_sent_total', { topic }).add(messages);
      metrics.counter('rowcast_sent_bytes_total', { topic }).add(bytes);
    }
    ledger.settle(batch.ticket);
  }

  /** Nobody needs the bytes of the batch any more. */
  drop({ bytes, writer }: LineBatch): void {
    this.#context.gate.give(bytes.length);
    if (writer !== null && writer.bytes.length === CAPACITY && this.#spare.length < SPARE) this.#spare.push(writer);
  }
}

function copyOf(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(length);
  bytes.copy(copy, 0, 0, length);
  return copy;
}

/** The lines of one topic. */
class LineTopic implements TopicWriter {
  readonly json = true;
  readonly #lines: JsonLines;
  readonly #name: string;
  readonly #start: Buffer;
  /** Lines are whole messages. */
  readonly #whole: boolean;
  #out: ByteWriter;
  #messages = 0;
  #bytes = 0;

  constructor(lines: JsonLines, name: string) {
    this.#lines = lines;
    this.#name = name;
    this.#whole = lines.kind === 'messages';
    this.#start = Buffer.concat([Buffer.from('{"topic":'), jsonStringBytes(name), Buffer.from(',"key":')]);
    this.#out = lines.begin();
  }

  begin(key: ByteWriter | null): ByteWriter {
    const out = this.#lines.begin();
    this.#out = out;
    if (!this.#whole) return out;
    out.raw(this.#start);
    if (key === null) out.raw(JSON_NULL);
    else out.range(key.bytes, 0, key.at);
    out.raw(VALUE);
    return out;
  }

  end(headers: readonly Header[]): boolean {
    const out = this.#out;
    if (this.#whole) writeHeaders(headers, out);
    out.byte(NEWLINE);
    const size = this.#lines.end(this.#name);
    if (size < 0) return false;
    this.#messages++;
    this.#bytes += size;
    this.#lines.schedule();
    return true;
  }

  fit(key: number, value: number, headers: readonly Header[]): void {
    const around = this.#whole ? this.#start.length + (key < 0 ? JSON_NULL.length : key) + VALUE.length + headerSize(headers) : 0;
    this.#lines.fit(this.#name, around + value + 1);
  }

  tombstone(key: ByteWriter | null, headers: readonly Header[]): void {
    if (!this.#whole) return;
    do this.begin(key).raw(JSON_NULL);
    while (!this.end(headers));
  }

  /** What was written since it was last asked. */
  share(): TopicShare[] {
    if (this.#messages === 0) return [];
    const share = { topic: this.#name, messages: this.#messages, bytes: this.#bytes };
    this.#messages = 0;
    this.#bytes = 0;
    return [share];
  }
}

/** Ends a whole message. */
function writeHeaders(headers: readonly Header[], out: ByteWriter): void {
  out.raw(HEADERS);
  for (const [place, { name, value }] of headers.entries()) {
    if (place > 0) out.byte(COMMA);
    out.raw(jsonStringBytes(name));
    out.byte(COLON);
    writeJsonString(value, 0, value.length, out);
  }
  out.byte(CLOSE);
  out.byte(CLOSE);
}

/** Bytes of what `writeHeaders` writes. */
function headerSize(headers: readonly Header[]): number {
  const counted = new ByteWriter(0);
  writeHeaders(headers, counted);
  return counted.at;
}
