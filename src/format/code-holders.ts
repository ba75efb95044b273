/** Gives back the code of a table. */
type GiveBack = () => void;

/** Tables that have code at one time: some hundred kilobytes in all, however many tables there are. */
const MOST_TABLES = 64;
const holders: GiveBack[] = [];
let oldest = 0;

/** Notes who has code now; the one who got it longest ago gives it back where they are too many. */
export function holdsCode(giveBack: GiveBack): void {
  holders[oldest]?.();
  holders[oldest] = giveBack;
  oldest = (oldest + 1) % MOST_TABLES;
}
