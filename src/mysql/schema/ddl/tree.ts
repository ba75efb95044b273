/** A rule of the grammar with what it was made of. */
export interface Node {
  readonly rule: string;
  readonly children: readonly (Node | Leaf)[];
}

/** A token: its text as the grammar saw it, and where it stands. */
export interface Leaf {
  readonly word: string;
  readonly start: number;
  /** After its last character. */
  readonly end: number;
}

export function isNode(part: Node | Leaf): part is Node {
  return 'rule' in part;
}

/** The rules of that name right under a node. */
export function nodes(node: Node, rule: string): Node[] {
  return node.children.filter((part): part is Node => isNode(part) && part.rule === rule);
}

/** The first rule of that name right under a node. */
export function child(node: Node, rule: string): Node | undefined {
  return nodes(node, rule)[0];
}

/** The first rule of that name anywhere in a node, itself included. */
export function find(node: Node, rule: string): Node | undefined {
  if (node.rule === rule) return node;
  for (const part of node.children) {
    const found = isNode(part) ? find(part, rule) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All tokens of a node, in order. */
export function leaves(part: Node | Leaf): Leaf[] {
  return isNode(part) ? part.children.flatMap(leaves) : [part];
}

/** The words right under a node, without those of its rules. */
export function words(node: Node): string[] {
  return node.children.flatMap((part) => (isNode(part) ? [] : [part.word]));
}

/** True where a word stands right under the node. */
export function has(node: Node, word: string): boolean {
  return words(node).includes(word);
}
