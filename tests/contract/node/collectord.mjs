// SPDX-License-Identifier: MIT
// A collectord of its own for a test; it ends with the test, however that ends.
import { spawn } from 'node:child_process';
import path from 'node:path';

const program = process.env.PAP_COLLECTORD ||
  path.join(process.env.PAP_BIN_DIR || 'build/release/bin', 'collectord');

export async function startCollectord(test, variables = {}) {
  const env = {
    PATH: process.env.PATH,
    CLUSTER_ID: 'is.plugged.in',
    CLUSTER_NAME: 'Production Cluster',
    COLLECTOR_HOST: '127.0.0.1',
    COLLECTOR_PORT: '0',
    DRAIN_MS: '0',
    ...variables,
  };
  for (const name of ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS', 'LD_LIBRARY_PATH']) {
    if (process.env[name]) env[name] = process.env[name];
  }
  const child = spawn(program, [], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill('SIGKILL'));
  test.after(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal));
  });
  let log = '';
  const port = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      log += text;
      const match = /\bstarted\b.*\bport=(\d+)/.exec(log);
      if (match) resolve(Number(match[1]));
    });
    ended.then(() => reject(new Error(`collectord ended before it started:\n${log}`)));
  });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    log: () => log,
    // SIGTERM, and its exit status.
    stop: () => { child.kill('SIGTERM'); return ended; },
  };
}
