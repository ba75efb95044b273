import { RowcastError } from './errors.ts';
import type { Checkpoint } from './ports.ts';
import type { Json } from './position.ts';
import { damaged, isObject, seal, unseal } from './sealed-json.ts';

const KIND = { format: 'rowcast-checkpoint', version: 1 };

/** A checkpoint of the daemon called `name` as text, sealed: the same wherever it is kept, so that it can be moved. */
export function checkpointText(name: string, { position, savedAt }: Checkpoint): string {
  const body: Json = { name, savedAt, label: position.label, state: position.state };
  return seal(KIND, body);
}

/** Reads such a text; `where` names the place in errors. @throws RowcastError CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN where it is of another name */
export function readCheckpointText(text: string, where: string, name: string): Checkpoint {
  const body = unseal(KIND, where, text);
  if (!isObject(body)) throw damaged(where, 'it has no position');
  const { name: owner, savedAt, label, state } = body;
  if (typeof savedAt !== 'number' || typeof label !== 'string' || state === undefined) throw damaged(where, 'it has no position');
  if (owner !== name) throw new RowcastError('CHECKPOINT_FOREIGN', `${where} belongs to the daemon named ${JSON.stringify(owner ?? null)}, this one is named ${JSON.stringify(name)}`);
  return { position: { state, label }, savedAt };
}

/** The first line end after which a checkpoint's text is over: it is indented but for its last line. */
const END = '\n}\n';

/** Takes a text apart that begins with a checkpoint's, and may have another one after it. */
export function splitCheckpointText(text: string): { readonly checkpoint: string; readonly rest: string } {
  const at = text.indexOf(END);
  return at < 0 ? { checkpoint: text, rest: '' } : { checkpoint: text.slice(0, at + END.length), rest: text.slice(at + END.length) };
}
