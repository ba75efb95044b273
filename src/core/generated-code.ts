/**
 * Whether code may be made of text while the daemon runs. Node's switch `--disallow-code-generation-from-strings`, also in
 * `NODE_OPTIONS`, turns it off; the daemon then does with loops what it has code of its own for.
 */
export function mayGenerateCode(): boolean {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- to see whether it is allowed
    new Function('');
    return true;
  } catch (error) {
    if (error instanceof EvalError) return false;
    throw error;
  }
}
