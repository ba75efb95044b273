import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certificates and keys made by openssl, in a folder of their own: `NAME.pem` and `NAME.key`. Remove it with `remove()`. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'rowcast-tls-'));

  /** Two that sign: `ca`, and `stranger`, which signs nothing that is used. */
  constructor() {
    this.#authority('ca');
    this.#authority('stranger');
  }

  /** One that `ca` signs. `extension`: a line for openssl, for example `subjectAltName=DNS:localhost`. */
  sign(name: string, extension: string): void {
    writeFileSync(this.path(`${name}.ext`), `${extension}\n`);
    this.#openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    this.#openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #authority(name: string): void {
    this.#openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }
}
