/**
 * Tables that gh-ost and pt-online-schema-change make beside the table `x` that they change: `_x_gho` (its new form), `_x_ghc`
 * (gh-ost's notes), `_x_del` (its old form, with a time in between where that is asked for), `_x_new` and `_x_old`, which
 * pt-online-schema-change gives more underscores where such a table is there already.
 */
const SHADOW = /^(_+)(.+?)(?:_\d{14})?_(?:gho|ghc|del|new|old)$/su;

/** Characters that a name may have; the tools cut the name of the table so that theirs fits. */
const LONGEST = 64;

/**
 * The table of the same database that `name` is a shadow of, judged by its name; null for any other table.
 * `has` tells whether there is a table of a name, `starting` finds one whose name begins so.
 */
export function shadowOf(name: string, has: (name: string) => boolean, starting: (prefix: string) => string | undefined): string | null {
  const [, underscores, rest] = SHADOW.exec(name) ?? [];
  if (underscores === undefined || rest === undefined) return null;
  // A table's own name may begin with underscores.
  for (let own = 0; own < underscores.length; own++) {
    const real = '_'.repeat(own) + rest;
    if (has(real)) return real;
    const cut = Array.from(name).length >= LONGEST ? starting(real) : undefined;
    if (cut !== undefined && cut !== name) return cut;
  }
  return null;
}
