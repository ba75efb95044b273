/** A line of progress on standard error, which leaves standard output to results. */
export function say(line: string): void {
  process.stderr.write(`[servers] ${line}\n`);
}
