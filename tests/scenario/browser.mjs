// SPDX-License-Identifier: MIT
// A headless Chromium for a test, spoken to over a pipe (Chrome DevTools Protocol). Its profile is
// new and empty, and it ends with the test.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const programs = [process.env.PAP_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
export const chromium = programs.find((each) => each && existsSync(each));

export async function startBrowser() {
  const folder = mkdtempSync(path.join(tmpdir(), 'papsim-report-'));
  const child = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
    '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--remote-debugging-pipe',
    `--user-data-dir=${path.join(folder, 'profile')}`, 'about:blank'],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  let text = '';
  // A message ends with a zero byte.
  child.stdio[4].setEncoding('utf8').on('data', (chunk) => {
    const messages = (text + chunk).split('\0');
    text = messages.pop();
    for (const message of messages.map((each) => JSON.parse(each))) {
      if (message.id === undefined) {
        for (const listener of listeners) listener(message);
        continue;
      }
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    }
  });
  ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the browser ended'));
  });
  const call = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    child.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + '\0');
  });

  return {
    // A page of its own, which notes what it complains of and what it asks for.
    async open(url, { width = 1000, height = 900, media = '', dark = false } = {}) {
      const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
      const ask = (method, params) => call(method, params, sessionId);
      const complaints = [];
      const requests = [];
      let loaded;
      const isLoaded = new Promise((resolve) => { loaded = resolve; });
      listeners.add((message) => {
        if (message.sessionId !== sessionId) return;
        const { method, params } = message;
        if (method === 'Page.loadEventFired') loaded();
        if (method === 'Network.requestWillBeSent') requests.push(params.request.url);
        if (method === 'Runtime.exceptionThrown') {
          complaints.push(params.exceptionDetails.exception?.description ??
            params.exceptionDetails.text);
        }
        if (method === 'Runtime.consoleAPICalled') complaints.push(params.args[0]?.value);
        if (method === 'Log.entryAdded') complaints.push(params.entry.text);
      });
      for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await ask(`${domain}.enable`);
      await ask('Emulation.setDeviceMetricsOverride',
        { width, height, deviceScaleFactor: 1, mobile: false });
      const scheme = { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' };
      await ask('Emulation.setEmulatedMedia', { media, features: [scheme] });
      await ask('Page.navigate', { url });
      await isLoaded;
      const page = {
        complaints,
        // But for the page itself.
        requests: () => requests.filter((each) => each !== url && !each.startsWith('data:')),
        // The value of a function that runs in the page.
        async get(code, ...args) {
          const { result, exceptionDetails } = await ask('Runtime.evaluate', {
            expression: `(${code})(...${JSON.stringify(args)})`, returnByValue: true,
            awaitPromise: true });
          if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
          return result.value;
        },
        // What is drawn is drawn by the next frame.
        frames: () => page.get(() => new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
        })),
        async shot() {
          const size = (await ask('Page.getLayoutMetrics')).cssContentSize;
          const clip = { x: 0, y: 0, width, height: Math.min(size.height, 8000), scale: 1 };
          const { data } = await ask('Page.captureScreenshot',
            { clip, captureBeyondViewport: true });
          return Buffer.from(data, 'base64');
        },
        async pdf() {
          const { data } = await ask('Page.printToPDF', { printBackground: true });
          return Buffer.from(data, 'base64');
        },
      };
      await page.frames();
      return page;
    },
    async close() {
      call('Browser.close').catch(() => {});
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    kill: () => child.kill('SIGKILL'),
  };
}
