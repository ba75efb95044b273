import { describe, expect, it } from 'vitest';
import { pathText, Places } from '../../../src/config/places.ts';

describe('the name of a key in messages', () => {
  it.each([
    [[], 'the file'],
    [['source'], 'source'],
    [['source', 'tls', 'mode'], 'source.tls.mode'],
    [['routes', 0, 'tables', 2], 'routes[0].tables[2]'],
  ])('of %j is %s', (path, expected) => {
    expect(pathText(path)).toBe(expected);
  });
});

describe('places', () => {
  const places = new Places();
  places.addKey(['source'], { line: 2, column: 1, written: null });
  places.addKey(['source', 'port'], { line: 3, column: 3, written: null });
  places.addValue(['source', 'port'], { line: 3, column: 9, written: '3306' });
  places.addValue(['routes', 0], { line: 5, column: 5, written: null });

  it('are those of keys and of values', () => {
    expect(places.key(['source', 'port'])).toMatchObject({ line: 3, column: 3 });
    expect(places.value(['source', 'port'])).toMatchObject({ line: 3, column: 9, written: '3306' });
    expect(places.value(['source'])).toBeUndefined();
  });

  it('of a list item are its own', () => {
    expect(places.key(['routes', 0])).toMatchObject({ line: 5, column: 5 });
  });

  it('of what is not written are those of what it would stand in', () => {
    expect(places.nearest(['source', 'port'])).toMatchObject({ line: 3, column: 9 });
    expect(places.nearest(['source', 'user'])).toMatchObject({ line: 2, column: 1 });
    expect(places.nearest(['routes', 0, 'key'])).toMatchObject({ line: 5, column: 5 });
    expect(places.nearest(['name'])).toMatchObject({ line: 1, column: 1 });
  });
});
