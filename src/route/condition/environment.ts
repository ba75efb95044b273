import { Environment } from '@marcbachmann/cel-js';
import type { ConditionKind } from '../conditions.ts';
import type { ArithmeticOperator } from './arithmetic.ts';
import { calculate, negate } from './arithmetic.ts';
import { equal, isIn, order } from './compare.ts';
import { Exact } from './exact.ts';
import { dateOf, Moment, MOMENT_METHODS, toMoment } from './moment.ts';
import { Unanswerable } from './unanswerable.ts';

/** Our functions begin with this, and names in an expression may not. */
export const RESERVED_PREFIX = 'rc_';

/** Functions that stand for operators in a rewritten expression. */
export const COMPARISONS: Readonly<Record<string, string>> = { '==': 'rc_eq', '!=': 'rc_ne', '<': 'rc_lt', '<=': 'rc_le', '>': 'rc_gt', '>=': 'rc_ge', in: 'rc_in' };
export const ARITHMETIC: Readonly<Record<ArithmeticOperator, string>> = { '+': 'rc_add', '-': 'rc_sub', '*': 'rc_mul', '/': 'rc_div', '%': 'rc_mod' };

/** For checks of an expression as it is written. */
export function writtenEnvironment(kind: ConditionKind): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false });
  mixNumbers(environment);
  if (kind === 'where') return environment.registerVariable('row', 'dyn');
  return environment
    .registerVariable('op', 'string')
    .registerVariable('before', 'dyn')
    .registerVariable('after', 'dyn')
    .registerVariable('table', 'string')
    .registerVariable('ts', 'google.protobuf.Timestamp');
}

/** Lets the check take an integer beside a literal with a fraction: we compare and calculate them exactly. Never evaluated. */
function mixNumbers(environment: Environment): void {
  const numbers = ['int', 'uint', 'double'] as const;
  const pairs = numbers.flatMap((left) => numbers.filter((right) => right !== left).map((right) => [left, right] as const));
  for (const [left, right] of pairs) {
    // The library adds the other order of == by itself.
    if (left < right) environment.registerOperator(`${left} == ${right}`, () => false);
    for (const operator of ['+', '-', '*', '/']) environment.registerOperator(`${left} ${operator} ${right}: double`, () => 0);
  }
}

/** For rewritten expressions: exact decimals, timestamps to the microsecond, NULL. One a condition, as it takes its constants. */
export function rewrittenEnvironment(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, unlistedVariablesAreDyn: true });
  environment.registerType('Decimal', Exact).registerType('Moment', Moment);
  registerOperators(environment);
  registerConversions(environment);
  return environment;
}

function registerOperators(environment: Environment): void {
  const predicate = (name: string, test: (a: unknown, b: unknown) => boolean) => environment.registerFunction(`${name}(dyn, dyn): bool`, test);
  predicate('rc_eq', equal);
  predicate('rc_ne', (a, b) => a !== null && b !== null && !equal(a, b));
  predicate('rc_lt', (a, b) => order(a, b) < 0);
  predicate('rc_le', (a, b) => order(a, b) <= 0);
  predicate('rc_gt', (a, b) => order(a, b) > 0);
  predicate('rc_ge', (a, b) => order(a, b) >= 0);
  predicate('rc_in', isIn);
  environment.registerFunction('rc_null(dyn): bool', (value: unknown) => value === null);
  environment.registerFunction('rc_neg(dyn): dyn', negate);
  for (const operator of ['+', '-', '*', '/', '%'] as const) {
    environment.registerFunction(`${ARITHMETIC[operator]}(dyn, dyn): dyn`, (a: unknown, b: unknown) => calculate(operator, a, b));
  }
}

function registerConversions(environment: Environment): void {
  environment
    .registerFunction('rc_timestamp(dyn): dyn', toMoment)
    .registerFunction('string(Decimal): string', String)
    .registerFunction('double(Decimal): double', Number)
    .registerFunction('int(Decimal): int', truncate)
    .registerFunction('string(Moment): string', (moment: Moment) => moment.text)
    .registerFunction('int(Moment): int', (moment: Moment) => BigInt(Math.floor(dateOf(moment).getTime() / 1000)));
  for (const [name, part] of Object.entries(MOMENT_METHODS)) {
    environment.registerFunction(`Moment.${name}(): int`, (moment: Moment) => BigInt(part(dateOf(moment))));
  }
}

function truncate(value: Exact): bigint {
  const whole = value.unscaled / 10n ** BigInt(value.scale);
  if (whole !== BigInt.asIntN(64, whole) && whole !== BigInt.asUintN(64, whole)) throw new Unanswerable('an integer does not fit into 64 bits');
  return whole;
}

