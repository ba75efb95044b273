import { ATNDeserializer, BailErrorStrategy, CharStream, CommonTokenStream, InterpreterRuleContext, LexerInterpreter, ListTokenSource, ParserInterpreter, TerminalNode, Vocabulary } from 'antlr4ng';
import type { ATN, ParserRuleContext, Token } from 'antlr4ng';
import { inflateSync } from 'node:zlib';
import { adapt } from './adapt.ts';
import type { Leaf, Node } from './tree.ts';

/** Parses statements into trees. */
export interface Grammar {
  /** The tree of a statement without comments and with nothing odd in its quotes, null where it is none. */
  parse(text: string): Node | null;
}

interface Tables {
  readonly lexer: Part & { readonly channels: string[]; readonly modes: string[] };
  readonly parser: Part;
}

interface Part {
  readonly literals: (string | null)[];
  readonly symbols: (string | null)[];
  readonly rules: string[];
  readonly atn: number[];
}

/** The grammar of these tables, which `scripts/grammar.ts` made. */
export function createGrammar(tables: string): Grammar {
  const { lexer, parser } = JSON.parse(inflateSync(Buffer.from(tables, 'base64')).toString('utf8')) as Tables;
  return new InterpretedGrammar(lexer, parser);
}

/** Runs the tables of ANTLR: there is no generated code. One statement at a time; what is learnt of the grammar is kept for the next. */
class InterpretedGrammar implements Grammar {
  readonly #lexer: LexerInterpreter;
  readonly #parser: ParserInterpreter;
  readonly #rules: readonly string[];
  readonly #types: ReadonlyMap<string, number>;

  constructor(lexer: Tables['lexer'], parser: Part) {
    this.#rules = parser.rules;
    this.#types = new Map(parser.symbols.flatMap((name, type) => (name === null ? [] : [[name, type] as const])));
    this.#lexer = new LexerInterpreter('ddl', vocabulary(lexer), lexer.rules, lexer.channels, lexer.modes, atn(lexer), CharStream.fromString(''));
    this.#lexer.removeErrorListeners();
    this.#parser = new ParserInterpreter('ddl', vocabulary(parser), parser.rules, atn(parser), new CommonTokenStream(this.#lexer));
    this.#parser.removeErrorListeners();
    this.#parser.errorHandler = new BailErrorStrategy();
  }

  parse(text: string): Node | null {
    this.#lexer.inputStream = CharStream.fromString(text);
    const tokens = new CommonTokenStream(this.#lexer);
    tokens.fill();
    this.#parser.tokenStream = new CommonTokenStream(new ListTokenSource(adapt(tokens.getTokens(), this.#types)));
    // Without it the stream stands before its first token, and the first prediction fails.
    this.#parser.reset();
    try {
      return toNode(this.#parser.parse(this.#rules.indexOf('root')), this.#rules);
    } catch {
      return null;
    }
  }
}

function vocabulary({ literals, symbols }: Part): Vocabulary {
  return new Vocabulary(literals, symbols, []);
}

function atn(part: Part): ATN {
  return new ATNDeserializer().deserialize(part.atn);
}

function toNode(context: ParserRuleContext, rules: readonly string[]): Node {
  return {
    rule: rules[context.ruleIndex] ?? '',
    children: context.children.flatMap((part): (Node | Leaf)[] => {
      if (part instanceof InterpreterRuleContext) return [toNode(part, rules)];
      return part instanceof TerminalNode && part.symbol.start <= part.symbol.stop ? [toLeaf(part.symbol)] : [];
    }),
  };
}

function toLeaf(symbol: Token): Leaf {
  return { word: symbol.text ?? '', start: symbol.start, end: symbol.stop + 1 };
}
