/** Why an expression has no answer for a row. Its message names types and operators, never a value. */
export class Unanswerable extends Error {
  override readonly name = 'Unanswerable';
}
