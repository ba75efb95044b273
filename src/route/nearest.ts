import leven from 'leven';

/** `, did you mean X?` with the most similar of `known`, or nothing where none is similar. For the end of a message. */
export function didYouMean(word: string, known: readonly string[]): string {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best = '';
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const distance = leven(word.toLowerCase(), candidate.toLowerCase(), { maxDistance: limit + 1 });
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === '' ? '' : `, did you mean ${best}?`;
}
