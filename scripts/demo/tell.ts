/** A line of the demo for the person who watches. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** An error and its causes, as one text. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
