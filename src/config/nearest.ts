import leven from 'leven';

/** The one of `known` that `word` was most likely meant to be: at most two letters or a third of them differ, case aside. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = simplified(word);
  const limit = plain.length < 4 ? 1 : Math.max(2, Math.floor(plain.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const distance = leven(plain, simplified(candidate), { maxDistance: limit + 1 });
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `server_id`, `server-id` and `serverID` are one word. */
function simplified(word: string): string {
  return word.toLowerCase().replaceAll(/[_-]/g, '');
}
