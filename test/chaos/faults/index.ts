import { DAEMON_FAULTS } from './daemon.ts';
import type { Fault } from './fault.ts';
import { KAFKA_FAULTS } from './kafka.ts';
import { MACHINE_FAULTS } from './machine.ts';
import { MYSQL_FAULTS } from './mysql.ts';
import { NETWORK_FAULTS } from './network.ts';
import { STANDBY_FAULTS } from './standby.ts';
import type { Delivery } from '../stage/stage.ts';

/** Every fault there is. */
export const FAULTS: readonly Fault[] = [...DAEMON_FAULTS, ...STANDBY_FAULTS, ...NETWORK_FAULTS, ...KAFKA_FAULTS, ...MYSQL_FAULTS, ...MACHINE_FAULTS];

/** @throws Error when there is none of that name */
export function faultNamed(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found === undefined) throw new Error(`there is no fault called '${name}'. There are:\n${FAULTS.map((fault) => `  ${fault.row}: ${fault.name}`).join('\n')}`);
  return found;
}

/** The faults that `only` means: all that a way of delivery has, those of a row, or the one of that name. @throws Error when there are none */
export function faultsOf(only: string | null, way: Delivery): readonly Fault[] {
  const fit = FAULTS.filter(({ delivery = way }) => delivery === way);
  if (only === null) return fit;
  const row = fit.filter((fault) => fault.row === only);
  return row.length > 0 ? row : [faultNamed(only)];
}
