/** What a command leaves behind for the one who started it. */
export interface Outcome {
  /** The exit code of a command that ended without throwing. */
  exit: number;
  /** Errors are told as JSON, because logs are. */
  jsonErrors: boolean;
}
