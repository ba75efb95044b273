import type { Reading } from './reading.ts';
import { nameOf, stringOf, textOf, undecided } from './reading.ts';
import type { Leaf, Node } from './tree.ts';
import { leaves } from './tree.ts';

/** A type as it is declared, aliases resolved. */
export interface DeclaredType {
  /** Lower case, for example `varchar`. */
  base: string;
  /** Numbers in its brackets. */
  sizes: number[];
  unsigned: boolean;
  zerofill: boolean;
  labels: string[] | null;
  charset: string | null;
  collation: string | null;
  /** The attribute BINARY. */
  binary: boolean;
  national: boolean;
  /** MariaDB. */
  compressed: boolean;
  /** SERIAL: BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE. */
  serial: boolean;
}

/** Other names of types. */
const ALIASES = new Map([
  ['integer', 'int'],
  ['int1', 'tinyint'],
  ['int2', 'smallint'],
  ['int3', 'mediumint'],
  ['middleint', 'mediumint'],
  ['int4', 'int'],
  ['int8', 'bigint'],
  ['float4', 'float'],
  ['float8', 'double'],
  ['dec', 'decimal'],
  ['numeric', 'decimal'],
  ['fixed', 'decimal'],
  ['character', 'char'],
  ['geomcollection', 'geometrycollection'],
]);

/** Reads a `dataType` of the grammar. @throws Undecided for words that are not known there */
export function readType(reading: Reading, node: Node): DeclaredType {
  return new TypeReader(reading, leaves(node)).read();
}

class TypeReader {
  readonly #reading: Reading;
  readonly #leaves: readonly Leaf[];
  readonly #type: DeclaredType = { base: '', sizes: [], unsigned: false, zerofill: false, labels: null, charset: null, collation: null, binary: false, national: false, compressed: false, serial: false };
  #at = 0;

  constructor(reading: Reading, parts: readonly Leaf[]) {
    this.#reading = reading;
    this.#leaves = parts;
  }

  read(): DeclaredType {
    this.#base();
    while (this.#at < this.#leaves.length) this.#attribute();
    return this.#type;
  }

  get #word(): string {
    return this.#leaves[this.#at]?.word ?? '';
  }

  #take(word: string): boolean {
    if (this.#word !== word) return false;
    this.#at++;
    return true;
  }

  #base(): void {
    const type = this.#type;
    if (this.#take('NATIONAL')) type.national = true;
    const word = this.#word;
    this.#at++;
    if (word === 'LONG') this.#long();
    else if (word === 'NCHAR' || word === 'CHAR' || word === 'CHARACTER') {
      type.national ||= word === 'NCHAR';
      type.base = this.#take('VARYING') || this.#take('VARCHAR') || this.#take('VARCHARACTER') ? 'varchar' : 'char';
    } else if (word === 'NVARCHAR' || word === 'VARCHARACTER') {
      type.national = word === 'NVARCHAR';
      type.base = 'varchar';
    } else if (word === 'BOOL' || word === 'BOOLEAN') {
      type.base = 'tinyint';
      type.sizes = [1];
    } else if (word === 'SERIAL') {
      Object.assign(type, { base: 'bigint', unsigned: true, serial: true });
    } else type.base = ALIASES.get(word.toLowerCase()) ?? word.toLowerCase();
    this.#take('PRECISION');
  }

  /** LONG, LONG VARCHAR and such are MEDIUMTEXT. */
  #long(): void {
    const binary = this.#take('VARBINARY');
    if (this.#take('CHAR') || this.#take('CHARACTER')) this.#take('VARYING');
    else if (!binary) this.#take('VARCHAR');
    this.#type.base = binary ? 'mediumblob' : 'mediumtext';
  }

  #attribute(): void {
    const type = this.#type;
    const word = this.#word;
    if (word === '(') {
      this.#brackets();
      return;
    }
    this.#at++;
    if (word === 'UNSIGNED') type.unsigned = true;
    else if (word === 'ZEROFILL') type.zerofill = true;
    else if (word === 'BINARY') type.binary = true;
    else if (word === 'COMPRESSED') type.compressed = true;
    else if (word === 'ASCII') type.charset = 'latin1';
    else if (word === 'UNICODE') type.charset = 'ucs2';
    else if (word === 'BYTE') type.charset = 'binary';
    else if (word === 'CHARSET') type.charset = this.#name();
    else if ((word === 'CHARACTER' || word === 'CHAR') && this.#take('SET')) type.charset = this.#name();
    else if (word === 'COLLATE') type.collation = this.#name();
    else if (word === 'SRID' || word === 'REF_SYSTEM_ID') this.#skipNumber();
    else if (word !== 'SIGNED') undecided(`${word} in a type is not known`);
  }

  #name(): string {
    const leaf = this.#leaves[this.#at++];
    return leaf === undefined ? undecided('a name is missing in a type') : (stringOf(this.#reading, leaf) ?? nameOf(this.#reading, leaf));
  }

  #skipNumber(): void {
    this.#take('=');
    this.#at++;
  }

  #brackets(): void {
    const labels = this.#type.base === 'enum' || this.#type.base === 'set';
    const found: string[] = [];
    for (this.#at++; this.#at < this.#leaves.length && this.#word !== ')'; this.#at++) {
      const leaf = this.#leaves[this.#at];
      if (leaf === undefined || leaf.word === ',') continue;
      found.push(labels ? this.#label(leaf) : textOf(this.#reading, leaf));
    }
    this.#at++;
    if (labels) this.#type.labels = found;
    else this.#type.sizes = found.map(Number);
  }

  /** Spaces at its end are no part of a label. */
  #label(leaf: Leaf): string {
    return (stringOf(this.#reading, leaf) ?? undecided('a label is no string')).replace(/ +$/u, '');
  }
}
