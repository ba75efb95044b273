import { Lexer } from 'yaml';

/** A larger file is refused before it is parsed, in characters: time and memory of parsing are bounded by it. */
const MAX_LENGTH = 256 * 1_024;
/**
 * Brackets in brackets, and columns that a key or an item of a list may be indented by. The parser calls itself for each level:
 * many take the square of their number in time, and Node may end the whole process where the stack is full.
 */
const MAX_DEPTH = 100;

/** What a text has too much of to be parsed. */
export interface Excess {
  /** Of the character where it begins. */
  readonly offset: number;
  readonly message: string;
  readonly repair: string;
}

/** Looks at a text before it is parsed; null where it is within bounds. */
export function excessOf(text: string): Excess | null {
  if (text.length > MAX_LENGTH) return { offset: 0, message: `the file has ${text.length} characters; ${MAX_LENGTH} are the most`, repair: 'Let patterns such as shop.* stand for many tables, and divide the tables between daemons.' };
  const levels = new Levels();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    levels.take(lexeme);
    if (levels.depth > MAX_DEPTH) return { offset, message: `there are more than ${MAX_DEPTH} brackets in one another`, repair: 'Close the brackets that were left open.' };
    if (levels.indent > MAX_DEPTH) return { offset, message: `there are too many levels in one another: this is indented by more than ${MAX_DEPTH} columns`, repair: 'Indent by two columns a level.' };
    offset += lexeme.length;
  }
  return null;
}

/** How deep a text is after each of its lexemes. */
class Levels {
  /** Brackets that are open. */
  depth = 0;
  /** Column of the last thing that may begin a level, outside of brackets: whatever has nothing but `-` and `?` before it in its line. */
  indent = 0;
  #column = 0;
  #leading = true;

  take(lexeme: string): void {
    const blank = /^[ \t\r\n]*$/.test(lexeme);
    if (this.depth === 0 && this.#leading && !blank && !lexeme.startsWith('#')) this.indent = this.#column;
    if (lexeme === '[' || lexeme === '{') this.depth++;
    if (lexeme === ']' || lexeme === '}') this.depth--;
    const line = lexeme.lastIndexOf('\n');
    this.#column = line < 0 ? this.#column + lexeme.length : lexeme.length - line - 1;
    this.#leading = line >= 0 || (this.#leading && (blank || lexeme === '-' || lexeme === '?'));
  }
}

/** What the lexer says of a document, a flow's end and a scalar's beginning, which stands for no character. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
