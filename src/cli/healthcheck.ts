/**
 * What the container's HEALTHCHECK runs: exit code 0 when `/healthz` answers 200 within two seconds, else 1.
 * `ROWCAST_HEALTH_URL` names another address. @default http://127.0.0.1:9464/healthz
 */
const url = process.env['ROWCAST_HEALTH_URL'] ?? 'http://127.0.0.1:9464/healthz';

/** Not by `import`: see observe/http-server.ts. */
const { get } = process.getBuiltinModule('node:http');

function fail(reason: string): void {
  process.stderr.write(`${url}: ${reason}\n`);
  process.exitCode = 1;
}

const request = get(url, { timeout: 2_000, agent: false }, (response) => {
  response.resume();
  if (response.statusCode !== 200) fail(`answers ${response.statusCode ?? 'nothing'}`);
});
request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
request.on('error', (error) => fail(error.message));

export {};
