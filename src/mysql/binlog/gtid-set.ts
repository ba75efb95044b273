import type { GtidParts } from '../../core/change.ts';
import { RowcastError } from '../../core/errors.ts';

/** What a server has executed. */
export interface GtidSet {
  /** Adds one transaction; in O(1) when it follows the last one of its source. */
  add(source: string, number: number | bigint): void;
  toString(): string;
}

/** Intervals, first and last each, sorted and apart from each other. */
class Intervals {
  readonly bounds: number[] = [];

  add(first: number, last: number): void {
    const bounds = this.bounds;
    const tail = bounds.length - 1;
    if (tail > 0 && (bounds[tail] as number) + 1 === first) {
      bounds[tail] = last;
      return;
    }
    let at = 0;
    while (at < bounds.length && (bounds[at + 1] as number) + 1 < first) at += 2;
    let to = at;
    while (to < bounds.length && (bounds[to] as number) <= last + 1) to += 2;
    const low = to > at ? Math.min(first, bounds[at] as number) : first;
    const high = to > at ? Math.max(last, bounds[to - 1] as number) : last;
    bounds.splice(at, to - at, low, high);
  }

  remove(number: number): void {
    const bounds = this.bounds;
    for (let i = 0; i < bounds.length; i += 2) {
      const [first, last] = [bounds[i] as number, bounds[i + 1] as number];
      if (number < first || number > last) continue;
      const rest = [first, number - 1, number + 1, last];
      bounds.splice(i, 2, ...(number === first ? [] : rest.slice(0, 2)), ...(number === last ? [] : rest.slice(2)));
      return;
    }
  }

  contains(first: number, last: number): boolean {
    for (let i = 0; i < this.bounds.length; i += 2) {
      if ((this.bounds[i] as number) <= first && last <= (this.bounds[i + 1] as number)) return true;
    }
    return false;
  }

  toString(): string {
    let text = '';
    for (let i = 0; i < this.bounds.length; i += 2) {
      const [first, last] = [this.bounds[i] as number, this.bounds[i + 1] as number];
      text += first === last ? `:${first}` : `:${first}-${last}`;
    }
    return text;
  }
}

/** A MySQL GTID set: `uuid:1-5:7,uuid:tag:1-3`. Sources are `uuid` or `uuid:tag`, lower case. */
export class MysqlGtidSet implements GtidSet {
  readonly #sources = new Map<string, Intervals>();
  /** The source that was added to last, which is mostly the next one too. */
  #lastSource = '';
  #last: Intervals | null = null;

  /** @throws RowcastError CONFIG_INVALID for a text that is no GTID set */
  static parse(text: string): MysqlGtidSet {
    const set = new MysqlGtidSet();
    for (const part of text.split(',').map((one) => one.trim().toLowerCase())) {
      if (part !== '') set.#parse(part, text);
    }
    return set;
  }

  add(source: string, number: number): void {
    this.addRange(source, number, number);
  }

  /** @param first @param last both belong to it */
  addRange(source: string, first: number, last: number): void {
    if (this.#last === null || source !== this.#lastSource) {
      this.#last = this.#of(source);
      this.#lastSource = source;
    }
    this.#last.add(first, last);
  }

  /** Takes one transaction out: `uuid:number` or `uuid:tag:number`. */
  remove(gtid: string): void {
    const end = gtid.lastIndexOf(':');
    const intervals = this.#sources.get(gtid.slice(0, end));
    intervals?.remove(Number(gtid.slice(end + 1)));
    if (intervals?.bounds.length !== 0) return;
    this.#sources.delete(gtid.slice(0, end));
    this.#last = null;
  }

  merge(other: MysqlGtidSet): void {
    for (const [source, { bounds }] of other.#sources) {
      for (let i = 0; i < bounds.length; i += 2) this.addRange(source, bounds[i] as number, bounds[i + 1] as number);
    }
  }

  /** True when all of `other` is in this set. */
  contains(other: MysqlGtidSet): boolean {
    for (const [source, { bounds }] of other.#sources) {
      const mine = this.#sources.get(source);
      for (let i = 0; i < bounds.length; i += 2) {
        if (mine?.contains(bounds[i] as number, bounds[i + 1] as number) !== true) return false;
      }
    }
    return true;
  }

  /** Transactions in it. */
  get size(): number {
    let size = 0;
    for (const { bounds } of this.#sources.values()) for (let i = 0; i < bounds.length; i += 2) size += (bounds[i + 1] as number) - (bounds[i] as number) + 1;
    return size;
  }

  toString(): string {
    return [...this.#sources.keys()].sort().map((source) => `${source}${String(this.#sources.get(source))}`).join(',');
  }

  #of(source: string): Intervals {
    let intervals = this.#sources.get(source);
    if (intervals === undefined) this.#sources.set(source, (intervals = new Intervals()));
    return intervals;
  }

  #parse(part: string, whole: string): void {
    const [uuid = '', ...rest] = part.split(':').map((one) => one.trim());
    if (!UUID.test(uuid) || rest.length === 0) throw notASet(whole);
    let source = uuid;
    for (const item of rest) {
      const [, first, last = first] = INTERVAL.exec(item) ?? [];
      if (first === undefined && TAG.test(item)) source = `${uuid}:${item}`;
      else if (first === undefined || !(Number(first) >= 1 && Number(last) >= Number(first))) throw notASet(whole);
      else this.addRange(source, Number(first), Number(last));
    }
  }
}

/** MariaDB's: the last transaction of each domain, `domain-server-sequence,…`. */
export class MariadbGtidSet implements GtidSet {
  readonly #domains = new Map<string, string>();

  /** @throws RowcastError CONFIG_INVALID for a text that is no such list */
  static parse(text: string): MariadbGtidSet {
    const set = new MariadbGtidSet();
    for (const part of text.split(',').map((one) => one.trim())) {
      if (part === '') continue;
      const [, domain, server, sequence] = /^(\d+)-(\d+)-(\d+)$/u.exec(part) ?? [];
      if (domain === undefined || sequence === undefined) throw notASet(text);
      set.add(`${domain}-${server ?? ''}`, BigInt(sequence));
    }
    return set;
  }

  /** `source`: `domain-server`. */
  add(source: string, number: number | bigint): void {
    this.#domains.set(source.slice(0, source.indexOf('-')), `${source}-${number.toString()}`);
  }

  /** Sets the domain of `gtid` back to where `before` has it; what it does not have begins anew. */
  rewind(gtid: string, before: MariadbGtidSet): void {
    const domain = gtid.slice(0, gtid.indexOf('-'));
    const there = before.#domains.get(domain);
    if (there === undefined) this.#domains.delete(domain);
    else this.#domains.set(domain, there);
  }

  /** True for the last transaction of its domain, and for those before it. */
  contains({ source, number }: GtidParts): boolean {
    const last = this.#domains.get(source.slice(0, source.indexOf('-')));
    return last !== undefined && BigInt(number) <= BigInt(last.slice(last.lastIndexOf('-') + 1));
  }

  toString(): string {
    return [...this.#domains.keys()].sort((a, b) => Number(a) - Number(b)).map((domain) => this.#domains.get(domain)).join(',');
  }
}

function notASet(text: string): RowcastError {
  return new RowcastError('CONFIG_INVALID', `"${text.slice(0, 200)}" is not a GTID set`);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;
const INTERVAL = /^(\d{1,15})(?:-(\d{1,15}))?$/u;
const TAG = /^[a-z_][a-z0-9_]{0,31}$/u;
