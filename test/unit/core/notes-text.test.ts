import { describe, expect, it } from 'vitest';
import { checkpointText, readCheckpointText, splitCheckpointText } from '../../../src/core/checkpoint-text.ts';
import { entryLine, notesText, readNotesText } from '../../../src/core/notes-text.ts';

const PLACE = { where: 'the text', name: 'shop' };
const NOTES = { base: { tables: ['é\n"'] }, entries: [1, null, { turn: 2 }] };

describe('notes as text', () => {
  it('are read as they were written, and grow by a line', () => {
    const { text, digest } = notesText('shop', NOTES);
    expect(readNotesText(text, PLACE)).toEqual({ notes: NOTES, digest });
    const line = entryLine(digest, 'more');
    expect(readNotesText(text + line.text, PLACE)).toEqual({ notes: { ...NOTES, entries: [...NOTES.entries, 'more'] }, digest: line.digest });
    expect(notesText('shop', { ...NOTES, entries: [...NOTES.entries, 'more'] })).toEqual({ text: text + line.text, digest: line.digest });
    expect((text + line.text).split('\n')).toHaveLength(6);
  });

  it.each([
    ['nothing', '', 'it has no whole line'],
    ['a last line without its end', notesText('shop', NOTES).text.slice(0, -1), 'its last line has no end'],
    ['another kind of text', '{"format":"rowcast-checkpoint"}\n', 'it is not a rowcast-schema-history file'],
    ['a line of another base', notesText('shop', NOTES).text + entryLine('', 1).text, 'line 5 does not match its checksum'],
    ['an empty line', `${notesText('shop', NOTES).text}\n`, 'line 5 is not JSON'],
  ])('are refused for %s', (_, text, message) => {
    expect(() => readNotesText(text, PLACE)).toThrow(`the text cannot be used: ${message}`);
  });

  it('are refused where they are of another daemon', () => {
    expect(() => readNotesText(notesText('other', NOTES).text, PLACE)).toThrow('the text belongs to the daemon named "other", this one is named "shop"');
  });
});

describe('a text that begins with a checkpoint', () => {
  const checkpoint = { position: { state: { file: 'binlog.1', lines: '\n}\n', nested: { a: [{}] } }, label: 'binlog.1:4\n}\n' }, savedAt: 1 };

  it('is taken apart after it, whatever it holds and whatever follows', () => {
    const text = checkpointText('shop', checkpoint);
    const notes = notesText('shop', NOTES).text;
    expect(splitCheckpointText(text + notes)).toEqual({ checkpoint: text, rest: notes });
    expect(splitCheckpointText(text)).toEqual({ checkpoint: text, rest: '' });
    expect(readCheckpointText(splitCheckpointText(text + notes).checkpoint, 'x', 'shop')).toEqual(checkpoint);
  });

  it('is all of a checkpoint where it has another form', () => {
    expect(splitCheckpointText('{"a":1}')).toEqual({ checkpoint: '{"a":1}', rest: '' });
  });
});
