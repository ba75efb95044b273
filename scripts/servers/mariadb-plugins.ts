import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from './cache.ts';
import { command, needProgram } from './command.ts';
import { debianMirror } from './mirror.ts';
import { say } from './say.ts';

const SUITE = 'bookworm';
const PLUGINS = ['auth_ed25519.so', 'auth_pam_v1.so'];

/**
 * A folder with the login plugins that MariaDB's Maven package has not: `flags: [--plugin-dir=…, '--plugin-load-add=auth_ed25519']`.
 * They come out of Debian's package of MariaDB 10.11, whose plugins newer servers load, too. apt fetches it with lists and
 * a cache of its own: nothing is installed, and nobody must be root.
 */
export function mariadbPlugins(): Promise<string> {
  return installed(`mariadb-plugins-${SUITE}`, async (folder) => {
    const apt = await needProgram('apt-get', 'apt');
    const work = join(folder, 'apt');
    await mkdir(join(work, 'lists/partial'), { recursive: true });
    await mkdir(join(work, 'archives/partial'), { recursive: true });
    await writeFile(join(work, 'sources.list'), `deb [signed-by=${KEYRING}] ${debianMirror()} ${SUITE} main\n`);
    const own = {
      'Dir::Etc::SourceList': join(work, 'sources.list'), 'Dir::Etc::SourceParts': '-', 'Dir::State::Lists': join(work, 'lists'), 'Dir::Cache': work,
      'APT::Sandbox::User': '', 'Acquire::Languages': 'none',
    };
    const options = Object.entries(own).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    say(`fetching MariaDB's login plugins from Debian ${SUITE} with apt-get`);
    await command(apt, [...options, 'update'], { cwd: work, label: 'apt-get update' });
    await command(apt, [...options, 'download', 'mariadb-server'], { cwd: work, label: 'apt-get download' });
    const archive = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get brought no package of MariaDB');
    await command(await needProgram('dpkg-deb', 'dpkg'), ['-x', archive, 'unpacked'], { cwd: work });
    for (const plugin of PLUGINS) await copyFile(join(work, 'unpacked/usr/lib/mysql/plugin', plugin), join(folder, plugin));
    await rm(work, { recursive: true });
  });
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
