/** The parts of the name of a binlog file, such as `binlog.000012`. */
export interface BinlogFileName {
  /** All before the number; the whole of a name without one. A server that is given another one counts its files from 1 again. */
  readonly base: string;
  /** 0 where there is none. */
  readonly number: number;
  /** How many digits the number has, zeros in front included; 0 where there is none. */
  readonly digits: number;
}

export function binlogFileName(file: string): BinlogFileName {
  const [, base = file, digits = ''] = /^(.*)\.(\d+)$/u.exec(file) ?? [];
  return { base, number: Number(digits), digits: digits.length };
}
