import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { ArithmeticOperator } from './arithmetic.ts';
import { ARITHMETIC, COMPARISONS, RESERVED_PREFIX } from './environment.ts';
import { parseExact } from './exact.ts';
import { toMoment } from './moment.ts';
import { Unanswerable } from './unanswerable.ts';

/** What stands for an image in an expression. */
export type ImageName = 'row' | 'before' | 'after';

/** A mistake in an expression, and where. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
  /** Offset in the expression. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** What a rewrite asks of its surroundings. */
export interface Surroundings {
  readonly environment: Environment;
  readonly images: ReadonlySet<string>;
  /** The variable that holds a column. @throws Mistake for an unknown column */
  column(image: ImageName, name: string, at: number): string;
}

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind']);
const TAKEN: ReadonlySet<string> = new Set(['row', 'before', 'after', 'op', 'table', 'ts']);

/**
 * Writes an expression again with our functions in place of operators: CEL libraries know no exact decimal, drop the
 * digits of literals and the microseconds of timestamps, and do not compare NULL as SQL does. Columns become variables.
 */
export class Rewriter {
  readonly #around: Surroundings;
  #constants = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws Mistake */
  write(node: ASTNode): string {
    switch (node.op) {
      case 'value':
        return this.#literal(node.args, this.#text(node), node);
      case 'id':
        return this.#identifier(node.args, node.start);
      case '.':
        return this.#column(node) ?? `(${this.write(node.args[0])}).${node.args[1]}`;
      case '[]':
        return this.#column(node) ?? `(${this.write(node.args[0])})[${this.write(node.args[1])}]`;
      case 'list':
        return `[${this.#all(node.args)}]`;
      case 'map':
        return `{${node.args.map(([key, value]) => `${this.write(key)}: ${this.write(value)}`).join(', ')}}`;
      case 'call':
        return this.#call(node.args[0], node.args[1], node.start);
      case 'rcall':
        return this.#method(node.args[0], node.args[1], node.args[2]);
      case '?:':
        return `(${this.write(node.args[0])} ? ${this.write(node.args[1])} : ${this.write(node.args[2])})`;
      case '||':
      case '&&':
        return `(${this.write(node.args[0])} ${node.op} ${this.write(node.args[1])})`;
      case '!_':
        return `!(${this.write(node.args)})`;
      case '-_':
        return node.args.op === 'value' && typeof node.args.args === 'bigint' ? `(-${this.#text(node.args)})` : `rc_neg(${this.write(node.args)})`;
      case '.?':
      case '[?]':
        throw new Mistake('optional fields are not supported', node.start);
      default:
        return this.#operator(node.op, node.args);
    }
  }

  #operator(op: string, [left, right]: [ASTNode, ASTNode]): string {
    const nulls = [left, right].filter(isNull).length;
    if ((op === '==' || op === '!=') && nulls > 0) return this.#nullTest(op, isNull(left) ? right : left);
    const name = COMPARISONS[op] ?? (isArithmetic(op) ? ARITHMETIC[op] : undefined);
    if (name === undefined) throw new Mistake(`the operator ${op} is not supported`, left.start);
    return `${name}(${this.write(left)}, ${this.write(right)})`;
  }

  #nullTest(op: '==' | '!=', tested: ASTNode): string {
    const isImage = tested.op === 'id' && this.#around.images.has(tested.args);
    const test = `rc_null(${isImage ? tested.args : this.write(tested)})`;
    return op === '==' ? test : `!${test}`;
  }

  #literal(value: unknown, text: string, node: ASTNode): string {
    if (typeof value !== 'number') return text;
    try {
      return this.#constant(parseExact(text, value));
    } catch (error) {
      if (error instanceof Unanswerable) throw new Mistake(error.message, node.start);
      throw error;
    }
  }

  #constant(value: unknown): string {
    const name = `${RESERVED_PREFIX}k${this.#constants++}`;
    this.#around.environment.registerConstant(name, 'dyn', value);
    return name;
  }

  #identifier(name: string, at: number): string {
    if (!this.#around.images.has(name)) return name;
    throw new Mistake(`${name} stands alone; name one of its columns, as in ${name}.id`, at);
  }

  /** The variable of a column, or undefined where the node is none. */
  #column(node: Extract<ASTNode, { op: '.' | '[]' }>): string | undefined {
    const [target] = node.args;
    if (target.op !== 'id' || !isImageName(target.args) || !this.#around.images.has(target.args)) return undefined;
    const field = node.args[1];
    const name = typeof field === 'string' ? field : field.op === 'value' ? field.args : undefined;
    if (typeof name !== 'string') throw new Mistake(`${target.args}[…] takes the name of a column in quotes`, node.start);
    return this.#around.column(target.args, name, node.start);
  }

  #call(name: string, args: readonly ASTNode[], at: number): string {
    const [first] = args;
    if (name === 'has') {
      const column = first?.op === '.' || first?.op === '[]' ? this.#column(first) : undefined;
      if (column === undefined) throw new Mistake('has() takes a column', at);
      return `!rc_null(${column})`;
    }
    if (name !== 'timestamp') return `${name}(${first?.op === 'value' && typeof first.args === 'number' ? this.#text(first) : this.#all(args)})`;
    return first?.op === 'value' ? this.#fixedMoment(first) : `rc_timestamp(${this.#all(args)})`;
  }

  #fixedMoment(node: Extract<ASTNode, { op: 'value' }>): string {
    try {
      return this.#constant(toMoment(node.args));
    } catch (error) {
      if (error instanceof Unanswerable) throw new Mistake(error.message, node.start);
      throw error;
    }
  }

  #method(name: string, receiver: ASTNode, args: readonly ASTNode[]): string {
    const [variable] = args;
    if (MACROS.has(name) && variable?.op === 'id' && (TAKEN.has(variable.args) || variable.args.startsWith(RESERVED_PREFIX))) {
      throw new Mistake(`${variable.args} cannot be the variable of ${name}()`, variable.start);
    }
    const target = receiver.op === 'id' && receiver.args === 'cel' ? 'cel' : `(${this.write(receiver)})`;
    return `${target}.${name}(${this.#all(args)})`;
  }

  #all(nodes: readonly ASTNode[]): string {
    return nodes.map((node) => this.write(node)).join(', ');
  }

  #text(node: ASTNode): string {
    return node.input.slice(node.start, node.end);
  }
}

function isNull(node: ASTNode): boolean {
  return node.op === 'value' && node.args === null;
}

function isArithmetic(op: string): op is ArithmeticOperator {
  return op in ARITHMETIC;
}

function isImageName(name: string): name is ImageName {
  return name === 'row' || name === 'before' || name === 'after';
}
