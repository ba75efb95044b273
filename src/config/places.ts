/** The way to a value from the root: keys and list indexes. */
export type Path = readonly PropertyKey[];

/** Where a key or value stands in the text. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The value as it is written, for messages; null where it is not to be shown or is no scalar. */
  readonly written: string | null;
}

/** Remembers where everything stands. */
export class Places {
  readonly #keys = new Map<string, Place>();
  readonly #values = new Map<string, Place>();

  addKey(path: Path, place: Place): void {
    this.#keys.set(token(path), place);
  }

  addValue(path: Path, place: Place): void {
    this.#values.set(token(path), place);
  }

  /** The key at `path`; a list item's own place. */
  key(path: Path): Place | undefined {
    return this.#keys.get(token(path)) ?? this.#values.get(token(path));
  }

  /** The value at `path`. */
  value(path: Path): Place | undefined {
    return this.#values.get(token(path));
  }

  /** The nearest thing that is written: the value, else the key of the closest parent, else the start of the text. */
  nearest(path: Path): Place {
    const own = this.value(path);
    if (own !== undefined) return own;
    for (let length = path.length; length > 0; length--) {
      const place = this.key(path.slice(0, length));
      if (place !== undefined) return place;
    }
    return START;
  }
}

const START: Place = { line: 1, column: 1, written: null };

function token(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** `routes[0].columns.mask`, as messages name a key; `the file` for the root. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text === '' ? 'the file' : text;
}
