/** Names of settings, each with its values; the first value of each is its default. */
export type Dimensions = Readonly<Record<string, readonly string[]>>;

/** One value of each. */
export type Combination = Readonly<Record<string, string>>;

/**
 * The defaults, each other value alone, and as many combinations more as it takes for every pair of values of two
 * dimensions to be in one of them. The same dimensions give the same list.
 */
export function combinations(dimensions: Dimensions): Combination[] {
  const names = Object.keys(dimensions);
  const defaults = Object.fromEntries(names.map((name) => [name, valuesOf(dimensions, name)[0] ?? '']));
  const alone = names.flatMap((name) => valuesOf(dimensions, name).slice(1).map((value) => ({ ...defaults, [name]: value })));
  const found: Combination[] = [defaults, ...alone];
  const missing = new Set(names.flatMap((one, i) => names.slice(i + 1).flatMap((other) => valuesOf(dimensions, one).flatMap((a) => valuesOf(dimensions, other).map((b) => pair(one, a, other, b))))));
  const cover = (combination: Combination): void => {
    for (const each of pairsOf(combination, names)) missing.delete(each);
  };
  found.forEach(cover);
  while (missing.size > 0) {
    const next = best(dimensions, { names, missing, found });
    cover(next);
    found.push(next);
  }
  return found;
}

/** Begins with a pair that is missing, and gives each other dimension the value that adds most; of several, the one that was rarest beside the others. */
function best(dimensions: Dimensions, { names, missing, found }: { readonly names: readonly string[]; readonly missing: ReadonlySet<string>; readonly found: readonly Combination[] }): Combination {
  const [first = ''] = missing;
  const chosen = JSON.parse(`{${first}}`) as Record<string, string>;
  for (const name of names) {
    if (name in chosen) continue;
    const gain = (value: string): number => pairsOf({ ...chosen, [name]: value }, names).filter((each) => missing.has(each)).length;
    const uses = (value: string): number => found.filter((each) => each[name] === value).reduce((sum, each) => sum + Object.keys(chosen).filter((other) => each[other] === chosen[other]).length, 0);
    const [value = ''] = [...valuesOf(dimensions, name)].sort((a, b) => gain(b) - gain(a) || uses(a) - uses(b));
    chosen[name] = value;
  }
  return Object.fromEntries(names.map((name) => [name, chosen[name] ?? '']));
}

function valuesOf(dimensions: Dimensions, name: string): readonly string[] {
  return dimensions[name] ?? [];
}

function pairsOf(combination: Combination, names: readonly string[]): string[] {
  const there = names.filter((name) => name in combination);
  return there.flatMap((one, i) => there.slice(i + 1).map((other) => pair(one, combination[one] ?? '', other, combination[other] ?? '')));
}

function pair(one: string, a: string, other: string, b: string): string {
  return `${JSON.stringify(one)}:${JSON.stringify(a)},${JSON.stringify(other)}:${JSON.stringify(b)}`;
}
