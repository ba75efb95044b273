// Loaded into the daemon by --import: shifts its wall clock by as many milliseconds as the file ROWCAST_CHAOS_CLOCK says.
// It covers everything that asks JavaScript for the date, which is how Rowcast and its packages ask. Timers and
// performance.now() stand on the monotonic clock, which a real jump does not touch either. Times of files stay the system's.
import { readFileSync } from 'node:fs';

const file = process.env.ROWCAST_CHAOS_CLOCK;
const Real = Date;
let shift = 0;

function look() {
  try {
    shift = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    shift = 0;
  }
}

class Shifted extends Real {
  constructor(...args) {
    if (args.length === 0) super(Real.now() + shift);
    else super(...args);
  }
  static now() {
    return Real.now() + shift;
  }
}

if (file !== undefined) {
  look();
  setInterval(look, 50).unref();
  globalThis.Date = Shifted;
}
