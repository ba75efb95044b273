/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** `JSON.parse`, typed. @throws SyntaxError */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

/**
 * A place between two transactions of a source. Opaque: only the source that made it reads `state`, everybody else
 * stores it and hands it back. None can be made from a row event, so none can point inside a transaction (Invariant 2).
 */
export interface Position {
  readonly state: Json;
  /** For people: logs, status, errors. */
  readonly label: string;
}
