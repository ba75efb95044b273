/** What each exit code of `rowcast` means; 2 to 70 are those of the error table. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'all was well; for `run`: stopped on request, everything delivered and saved'],
  [1, 'the command line is wrong'],
  [2, 'the configuration is wrong or cannot be read'],
  [3, 'the source refuses: login, grant, setting, position'],
  [4, 'the source was lost or sent something damaged'],
  [5, 'the sink was lost or refuses'],
  [6, 'the checkpoint is locked, damaged, of another daemon, or cannot be written'],
  [7, 'a row or event that cannot be delivered as it is, so the daemon stopped before it'],
  [8, 'another daemon with the same name took over'],
  [9, 'a shutdown that did not end in time'],
  [10, '`verify` found differences'],
  [11, '`verify` found no difference, but could not compare everything, or was interrupted'],
  [70, 'a defect of Rowcast'],
  [130, 'a second signal ended it at once'],
];
