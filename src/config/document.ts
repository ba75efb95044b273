import type { Alias, Node, Pair, ScalarTag, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { excessOf } from './bounds.ts';
import type { Environment } from './interpolate.ts';
import { interpolate } from './interpolate.ts';
import type { Path, Place } from './places.ts';
import { pathText, Places } from './places.ts';
import type { Finding } from './problems.ts';

/** What the file can reach outside itself. */
export interface Surroundings {
  readonly env: Environment;
  /** The text of a file. Whatever it throws becomes a problem of the line that names the file. */
  readonly readFile: (path: string) => string;
}

/** A file as plain data, references filled in, with the place of everything. */
export interface ReadDocument {
  readonly data: unknown;
  readonly places: Places;
  readonly findings: readonly Finding[];
}

/** Keys of topic templates. */
const TEMPLATES: ReadonlySet<string> = new Set(['topic', 'schemaChanges']);

/** In templates these names belong to the template; everywhere else they would be environment variables. */
const TEMPLATE_NAMES: ReadonlySet<string> = new Set(['database', 'table']);
/** Keys that take the word `null`, which YAML reads as no value. */
const NULL_IS_A_WORD: ReadonlySet<PropertyKey | undefined> = new Set(['zeroDates']);
const NO_NAMES: ReadonlySet<string> = new Set();

/** Keys that may be written as `<key>_file`. */
export const FILE_KEYS: ReadonlySet<string> = new Set(['password', 'key', 'ca', 'cert']);

/** Keys whose values are never shown (Invariant 10). */
const SECRET_KEYS: ReadonlySet<string> = new Set([...FILE_KEYS, 'token']);

const fileTag: ScalarTag = { tag: '!file', resolve: (text: string) => text };

/** Parses YAML 1.2, fills in `${ENV}`, and reads `!file` and `<key>_file` values. Problems are collected, not thrown. */
export function readDocument(text: string, surroundings: Surroundings): ReadDocument {
  const excess = excessOf(text);
  if (excess === null) return new Reader(text, surroundings).read();
  const { line, col } = linesOf(text).linePos(excess.offset);
  return { data: undefined, places: new Places(), findings: [{ place: { line, column: col, written: null }, message: excess.message, repair: excess.repair }] };
}

class Reader {
  readonly #text: string;
  readonly #surroundings: Surroundings;
  readonly #lines: LineCounter;
  readonly #places = new Places();
  readonly #findings: Finding[] = [];
  /** What anchors stand for at this moment, and each alias for at its own. */
  readonly #anchors = new Map<string, Node>();
  readonly #resolved = new Map<Alias, Node | null>();
  /** What aliases stand for that is being read now, from the outer one to the inner one. */
  readonly #inside = new Set<Node>();
  #aliased = 0;
  readonly #document: ReturnType<typeof parseDocument>;

  constructor(text: string, surroundings: Surroundings) {
    this.#text = text;
    this.#surroundings = surroundings;
    this.#lines = linesOf(text);
    this.#document = parseDocument(text, { customTags: [fileTag], prettyErrors: false, stringKeys: true });
  }

  read(): ReadDocument {
    this.#syntax();
    const data = this.#findings.length > 0 ? undefined : this.#value(this.#document.contents, []);
    return { data: data === undefined && this.#findings.length === 0 ? {} : data, places: this.#places, findings: this.#findings };
  }

  /** The parser's complaints; of those about structure the first, because the others follow from it. */
  #syntax(): void {
    const complaints = [...this.#document.errors, ...this.#document.warnings];
    const first = complaints.find(({ code }) => !INDEPENDENT.has(code));
    const lines = complaints.length === 0 ? [] : this.#text.split('\n');
    for (const complaint of complaints.filter((candidate) => candidate === first || INDEPENDENT.has(candidate.code))) {
      const place = this.#placeAt(complaint.pos[0], null);
      const line = lines[place.line - 1] ?? '';
      const repair = hasBareReference(line) ? UNQUOTED_REFERENCE : (YAML_REPAIRS.get(complaint.code) ?? CHECK_LINE);
      this.#findings.push({ place, message: `this is not valid YAML: ${withoutContents(complaint.message)}`, repair });
    }
  }

  #value(node: Node | null, path: Path): unknown {
    if (node === null) return undefined;
    if (isAlias(node)) return this.#alias(node, path);
    if (this.#inside.size > 0 && this.#isTooMuch(node)) return undefined;
    this.#anchor(node);
    if (isMap(node)) return this.#mapping(node, path);
    this.#places.addValue(path, this.#placeOf(node, isScalar(node)));
    if (isSeq(node)) return node.items.map((item, index) => this.#value(isNode(item) ? item : null, [...path, index]));
    if (!isScalar(node)) return undefined;
    if (node.value === null) return node.source === 'null' && NULL_IS_A_WORD.has(path.at(-1)) ? 'null' : undefined;
    if (typeof node.value !== 'string') return node.value;
    const filled = this.#filled(node.value, node, path);
    return node.tag === '!file' ? this.#contents(filled, node, { key: path, target: path }) : filled;
  }

  /** What an alias stands for: the anchor that came before it last, also where it is met again inside of another one's. */
  #alias(node: Alias, path: Path): unknown {
    if (this.#inside.size === 0 || !this.#resolved.has(node)) this.#resolved.set(node, this.#anchors.get(node.source) ?? null);
    const target = this.#resolved.get(node) ?? null;
    if (target === null || this.#isTooMuch(node)) return undefined;
    if (this.#inside.has(target) || this.#inside.size === MAX_INSIDE) {
      this.#aliased = MAX_ALIASED;
      this.#isTooMuch(node);
      return undefined;
    }
    this.#inside.add(target);
    const value = this.#value(target, path);
    this.#inside.delete(target);
    return value;
  }

  #anchor(node: Node): void {
    if (this.#inside.size === 0 && 'anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
  }

  /** What aliases stand for is bounded, because aliases of aliases grow without end. */
  #isTooMuch(node: Node): boolean {
    this.#aliased += 1;
    if (this.#aliased === MAX_ALIASED + 1) {
      this.#findings.push({ place: this.#placeOf(node, false), message: `aliases stand for more than ${MAX_ALIASED} values, or one contains itself`, repair: 'Write the values out.' });
    }
    return this.#aliased > MAX_ALIASED;
  }

  #mapping(node: YAMLMap, path: Path): unknown {
    this.#places.addValue(path, this.#placeOf(node, false));
    const names = new Set(node.items.map(keyName));
    const entries: [string, unknown][] = [];
    for (const pair of node.items) {
      if (isNode(pair.key)) this.#anchor(pair.key);
      const name = keyName(pair);
      const value = isNode(pair.value) ? pair.value : null;
      const place = isNode(pair.key) ? this.#placeOf(pair.key, false) : this.#placeOf(node, false);
      const target = fileKey(name, path);
      this.#places.addKey([...path, target ?? name], place);
      if (target === undefined) {
        entries.push([name, this.#value(value, [...path, name])]);
      } else if (names.has(target)) {
        this.#findings.push({ place, message: `${pathText([...path, name])} and ${target} both stand here`, repair: `Keep one of them.` });
      } else {
        const file = this.#value(value, [...path, target]);
        entries.push([target, typeof file === 'string' && value !== null ? this.#contents(file, value, { key: [...path, name], target: [...path, target] }) : file]);
      }
    }
    return Object.fromEntries(entries);
  }

  /** The text with its references filled in. Messages show how a value is written, so never what a reference gave. */
  #filled(text: string, node: Node, path: Path): string {
    const result = interpolate(text, this.#surroundings.env, TEMPLATES.has(String(path.at(-1))) ? TEMPLATE_NAMES : NO_NAMES);
    const [start, end] = node.range ?? [0, 0];
    for (const { reference, message, repair } of result.failures) {
      const offset = this.#text.slice(start, end).indexOf(reference);
      const shown = SECRET_KEYS.has(String(path.at(-1))) ? message.replace(reference, () => 'what stands there') : message;
      this.#findings.push({ place: this.#placeAt(start + Math.max(0, offset), null), message: `${pathText(path)}: ${shown}`, repair, unread: pathText(path) });
    }
    return result.text;
  }

  #contents(path: string, node: Node, { key, target }: { key: Path; target: Path }): string {
    try {
      return this.#surroundings.readFile(path).replace(/\r?\n$/, '');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#findings.push({ place: this.#placeOf(node, false), message: `${pathText(key)}: the file ${path} cannot be read: ${reason}`, repair: 'Check the path, which is taken from the working directory, and the permissions of the file.', unread: pathText(target) });
      return '';
    }
  }

  #placeOf(node: Node, scalar: boolean): Place {
    const [start, end] = node.range ?? [0, 0];
    const isFile = node.tag === '!file';
    return this.#placeAt(start, scalar && !isFile ? this.#text.slice(start, end) : null);
  }

  #placeAt(offset: number, written: string | null): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), written };
  }
}

/** Where the lines begin: all of them, since the parser counts none inside of a quoted value that stands where none may. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

/** Values that aliases stand for, all together, and aliases in one another. */
const MAX_ALIASED = 5_000;
const MAX_INSIDE = 10;

/** Codes of complaints that are not followed by others. */
const INDEPENDENT: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'TAB_AS_INDENT']);
const CHECK_LINE = 'Check the indentation, quotes and brackets of this line and the one before.';
const UNQUOTED_REFERENCE = 'Inside { } and [ ] put quotes around environment references: "${NAME}".';
const YAML_REPAIRS = new Map([
  ['DUPLICATE_KEY', 'Remove one of the two.'],
  ['TAB_AS_INDENT', 'Indent with blanks, not with tabs.'],
  ['TAG_RESOLVE_FAILED', 'The only tag is !file.'],
]);

/** Whether a `${` stands inside of brackets without quotes around it, as far as one can see. */
function hasBareReference(line: string): boolean {
  const open = line.search(/[{[]/);
  return open >= 0 && /[^"'$]\$\{/.test(line.slice(open + 1));
}

/** The parser quotes what it met, which may be a secret. */
function withoutContents(message: string): string {
  return message.replace(/(?: in YAML stream)?: ".*$/s, '').replace(/\.$/, '');
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function keyName(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** The key that a `<key>_file` stands for. Not in routes: what follows there may be the names of columns. */
function fileKey(name: string, path: Path): string | undefined {
  const target = name.endsWith('_file') ? name.slice(0, -'_file'.length) : '';
  return path.length > 0 && path[0] !== 'routes' && FILE_KEYS.has(target) ? target : undefined;
}
