import type { Cursor } from './cursor.ts';

/** ROTATE: 8 offset in the next file · its name to the end. */
export function readRotate(body: Cursor): { readonly file: string; readonly position: number } {
  const position = body.number64();
  return { position, file: body.text(body.left) };
}
