import { ofOperation } from '../../core/change.ts';
import type { Operation, PerOperation, RowsEvent } from '../../core/change.ts';
import { asRowcastError, RowcastError } from '../../core/errors.ts';
import type { ChangeCondition, ImageCondition } from '../../core/plan.ts';
import type { RowImage } from '../../core/row-image.ts';
import type { Column, TableVersion } from '../../core/table.ts';
import { tableLabel } from '../../core/table.ts';
import { didYouMean } from '../nearest.ts';
import type { Evaluate } from './check.ts';
import { compileExpression, describeMistake } from './check.ts';
import type { ConditionKind } from '../conditions.ts';
import { momentAt } from './moment.ts';
import type { ImageName } from './rewrite.ts';
import { Mistake } from './rewrite.ts';
import { Unanswerable } from './unanswerable.ts';
import { valueReader } from './values.ts';
import { Verdicts } from './verdicts.ts';

const LETTERS: PerOperation<string> = { insert: 'c', update: 'u', delete: 'd' };

/** Codes of the library's errors whose text holds types and operators, and no value. */
const VALUE_FREE: ReadonlySet<string> = new Set(['no_such_overload', 'no_matching_overload', 'division_by_zero', 'modulo_by_zero', 'invalid_logical_operand', 'invalid_condition_type', 'unsupported_type']);

/** `where` for one table version. @throws RowcastError CONDITION_INVALID */
export function imageCondition(text: string, table: TableVersion): ImageCondition {
  const asked = new Asked(text, 'where', table);
  // All that a `where` can see is its row.
  const verdicts = new Verdicts(asked.columns);
  return {
    test(image) {
      const known = verdicts.known(image);
      if (known !== null) return known;
      asked.images.row = image;
      const verdict = asked.answer();
      verdicts.keep(verdict);
      return verdict;
    },
  };
}

/** `when` for one table version. @throws RowcastError CONDITION_INVALID */
export function changeCondition(text: string, table: TableVersion): ChangeCondition {
  const asked = new Asked(text, 'when', table);
  return {
    test(operation: Operation, event: RowsEvent, before: RowImage | null, after: RowImage | null) {
      asked.operation = operation;
      asked.committedMicros = event.transaction.committedMicros;
      asked.images.before = before;
      asked.images.after = after;
      return asked.answer();
    },
  };
}

/** An expression with what it can see: variables are read when it asks for them, and no others. */
class Asked {
  readonly images: Record<ImageName, RowImage | null> = { row: null, before: null, after: null };
  /** That the expression names, each once an image. */
  readonly columns: Column[] = [];
  operation: Operation = 'insert';
  committedMicros = 0;

  readonly #text: string;
  readonly #kind: ConditionKind;
  readonly #table: TableVersion;
  readonly #scope: object = Object.create(null) as object;
  readonly #evaluate: Evaluate;
  /** What a column threw: `||` and `&&` may absorb errors of an expression, but never a damaged row. */
  #damage: RowcastError | null = null;

  constructor(text: string, kind: ConditionKind, table: TableVersion) {
    this.#text = text;
    this.#kind = kind;
    this.#table = table;
    this.#define('op', () => ofOperation(LETTERS, this.operation));
    this.#define('table', () => tableLabel(table));
    this.#define('ts', () => momentAt(BigInt(this.committedMicros)));
    for (const name of ['before', 'after'] as const) this.#define(name, () => (this.images[name] === null ? null : true));
    try {
      this.#evaluate = compileExpression(text, kind, (image, name, at) => this.#column(image, name, at));
    } catch (error) {
      throw new RowcastError('CONDITION_INVALID', `table ${tableLabel(table)}: ${kind}: ${describeMistake(text, error)}: ${text}`, { cause: error, facts: { table: tableLabel(table) } });
    }
  }

  /** @throws RowcastError CONDITION_FAILED; what a damaged row throws passes through */
  answer(): boolean {
    this.#damage = null;
    let answer: unknown;
    try {
      answer = this.#evaluate(this.#scope);
    } catch (error) {
      throw this.#damaged() ?? this.#failed(reason(error));
    }
    const damage = this.#damaged();
    if (damage !== null) throw damage;
    if (typeof answer === 'boolean') return answer;
    throw this.#failed('it does not answer true or false');
  }

  #damaged(): RowcastError | null {
    return this.#damage;
  }

  #failed(why: string): RowcastError {
    const label = tableLabel(this.#table);
    return new RowcastError('CONDITION_FAILED', `table ${label}: ${this.#kind} has no answer: ${why}: ${this.#text}`, { facts: { table: label } });
  }

  #column(image: ImageName, name: string, at: number): string {
    const column = this.#table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new Mistake(`the table has no column ${name}${didYouMean(name, this.#table.columns.map((each) => each.name))}`, at);
    const variable = `rc_${image}_${column.index}`;
    if (variable in this.#scope) return variable;
    const read = valueReader(column);
    this.#define(variable, () => read(this.images[image]));
    this.columns.push(column);
    return variable;
  }

  #define(name: string, value: () => unknown): void {
    const get = () => {
      try {
        return value();
      } catch (error) {
        if (!(error instanceof Unanswerable)) this.#damage ??= asRowcastError(error);
        throw error;
      }
    };
    Object.defineProperty(this.#scope, name, { get, enumerable: true });
  }
}

/** Without any value of the row, as a masked or excluded column may be among them. */
function reason(error: unknown): string {
  if (error instanceof Unanswerable) return error.message;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return 'a function refused its argument';
  return VALUE_FREE.has(error.code) && 'summary' in error ? String(error.summary) : error.code.replaceAll('_', ' ');
}
