/** The result of filling in `${ENV}` references. */
export interface Interpolated {
  readonly text: string;
  /** References that cannot be filled in, as they are written, with what is wrong with each. */
  readonly failures: readonly { readonly reference: string; readonly message: string; readonly repair: string }[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` (an escape), `${NAME}`, `${NAME:-default}`, or any other `${`, which is a mistake. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{[^}]*\}?/g;

/**
 * Fills `${NAME}` and `${NAME:-default}` from the environment; the default stands in for an unset and for an empty
 * variable. `$${` gives `${`. References to `kept` names are left as they are. What is filled in is not looked at again.
 */
export function interpolate(text: string, env: Environment, kept: ReadonlySet<string>): Interpolated {
  const failures: { reference: string; message: string; repair: string }[] = [];
  const result = text.replaceAll(REFERENCE, (reference: string, name: string | undefined, fallback: string | undefined) => {
    if (reference === '$${') return '${';
    if (name === undefined) {
      failures.push({ reference, message: `${reference} is no reference to an environment variable`, repair: 'Write ${NAME} or ${NAME:-default}; $${ stands for the two characters themselves.' });
      return reference;
    }
    if (kept.has(name) && fallback === undefined) return reference;
    const value = env[name];
    if (value !== undefined && (value !== '' || fallback === undefined)) return value;
    if (fallback !== undefined) return fallback;
    failures.push({ reference, message: `the environment variable ${name} is not set`, repair: `Set ${name}, or give a default: \${${name}:-…}.` });
    return reference;
  });
  return { text: result, failures };
}
