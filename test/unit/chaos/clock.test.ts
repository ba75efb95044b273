import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLOCK = fileURLToPath(new URL('../../chaos/stage/clock.mjs', import.meta.url));
const HOUR_MS = 3_600_000;
let folder = '';

beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'rowcast-clock-')); });
afterAll(() => rm(folder, { recursive: true }));

/** What a program prints whose clock the file shifts, as JSON. */
async function prints(program: string, file = join(folder, 'clock')): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', CLOCK, '-e', program], { env: { ...process.env, ROWCAST_CHAOS_CLOCK: file } });
  return JSON.parse(stdout);
}

describe('the clock of the daemon', () => {
  it.each([HOUR_MS, -HOUR_MS])('is %i ms off however the date is asked for, and not where a date is given', async (shift) => {
    await writeFile(join(folder, 'clock'), String(shift));
    const [now, made, given, isDate] = (await prints('console.log(JSON.stringify([Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date]))')) as [number, number, number, boolean];
    for (const time of [now, made]) expect(Math.abs(time - shift - Date.now())).toBeLessThan(60_000);
    expect([given, isDate]).toEqual([5, true]);
  });

  it('jumps while the program runs', async () => {
    const file = join(folder, 'later');
    const program = `const begun = Date.now(); require('node:fs').writeFileSync(${JSON.stringify(file)}, '${String(HOUR_MS)}');
      const look = setInterval(() => { if (Date.now() - begun < ${String(HOUR_MS)}) return; clearInterval(look); console.log(JSON.stringify('jumped')); }, 10);`;
    expect(await prints(program, file)).toBe('jumped');
  });

  it('is right where there is no file', async () => {
    expect(Math.abs(((await prints('console.log(Date.now())', join(folder, 'none'))) as number) - Date.now())).toBeLessThan(60_000);
  });
});
