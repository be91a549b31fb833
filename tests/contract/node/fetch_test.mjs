// SPDX-License-Identifier: MIT
// Agents as they are: Node's own fetch. It gives a connection up 4 s after an answer, before the
// next heartbeat, so the collector closes it with the answer; in EMERGENCY it promises to keep it
// for longer, and Node does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import http from 'node:http';
import { startCollectord } from './collectord.mjs';

const agent = '550e8400-e29b-41d4-a716-446655440000';

// What an agent does, its time-out included. `dispatcher` options are undici's, which Node does
// not let out; a fresh connection is had by saying `Connection: close`, as an agent's own would be
// by the time of the next beat.
async function beat(url, body, headers = {}) {
  const response = await fetch(`${url}/heartbeat/${agent}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  return response.json();
}

async function accepted(url) {
  const response = await fetch(`${url}/metrics`, { headers: { Connection: 'close' } });
  const metrics = await response.text();
  return Number(/connections_accepted_total\{[^}]*\} (\d+)/.exec(metrics)[1]);
}

test('a heartbeat in IDLE has a connection of its own, and leaves none behind', async (t) => {
  const collectord = await startCollectord(t);
  for (let i = 0; i < 50; i++) {
    const answer = await beat(collectord.url, { mode: 'IDLE', uptime_seconds: 3600.123 + i });
    assert.deepEqual(answer, {
      received: true, is_new: i === 0, restart_detected: false, next_heartbeat_ms: 30000,
    });
  }
  assert.equal(await accepted(collectord.url), 51);
  await collectord.stop();
});

test('heartbeats in EMERGENCY, 5.5 s apart, come on one connection', async (t) => {
  const collectord = await startCollectord(t);
  for (let i = 0; i < 3; i++) {
    if (i > 0) await new Promise((resolve) => { setTimeout(resolve, 5500); });
    await beat(collectord.url, { mode: 'EMERGENCY', uptime_seconds: 5.5 * i });
  }
  assert.equal(await accepted(collectord.url), 2);
  await beat(collectord.url, { mode: 'IDLE', uptime_seconds: 12 });
  await collectord.stop();
});

test('heartbeats on a fresh connection each', async (t) => {
  const collectord = await startCollectord(t);
  for (let i = 0; i < 30; i++) {
    await beat(collectord.url, { mode: 'IDLE', uptime_seconds: i }, { Connection: 'close' });
  }
  assert.equal(await accepted(collectord.url), 31);
  await collectord.stop();
});

test('a fleet at once', async (t) => {
  const collectord = await startCollectord(t);
  const ids = Array.from({ length: 300 }, (_, i) => `agent-${i}`);
  const answers = await Promise.all(ids.map(async (id) => {
    const response = await fetch(`${collectord.url}/heartbeat/${id}`, {
      method: 'POST', body: JSON.stringify({ mode: 'SLEEP', uptime_seconds: 1 }),
    });
    return response.json();
  }));
  assert.ok(answers.every((answer) => answer.is_new && answer.next_heartbeat_ms === 900000));
  const list = await (await fetch(`${collectord.url}/agents`)).json();
  assert.equal(list.stats.total, 300);
  assert.deepEqual(new Set(list.agents.map((each) => each.agent_uuid)), new Set(ids));
  await collectord.stop();
});

test('refusals are read as JSON, and encoded ids are taken', async (t) => {
  const collectord = await startCollectord(t);
  const refused = await fetch(`${collectord.url}/heartbeat/${agent}`, {
    method: 'POST', body: JSON.stringify({ mode: 'AWAKE', uptime_seconds: 1 }),
  });
  assert.equal(refused.status, 400);
  assert.equal((await refused.json()).error, 'Invalid mode');
  const id = 'team/ä %';
  await fetch(`${collectord.url}/heartbeat/${encodeURIComponent(id)}`, {
    method: 'POST', body: JSON.stringify({ mode: 'IDLE', uptime_seconds: 1 }),
  });
  const one = await fetch(`${collectord.url}/agents/${encodeURIComponent(id)}`);
  assert.equal((await one.json()).agent.agent_uuid, id);
  await collectord.stop();
});

test('a body that is streamed in chunks', async (t) => {
  const collectord = await startCollectord(t);
  const parts = ['{"mode":"ID', 'LE","uptime_sec', 'onds":1}'];
  const response = await fetch(`${collectord.url}/heartbeat/a`, {
    method: 'POST',
    duplex: 'half',
    body: new ReadableStream({
      pull(controller) {
        if (parts.length === 0) return controller.close();
        controller.enqueue(new TextEncoder().encode(parts.shift()));
      },
    }),
  });
  assert.equal(response.status, 200);
  await collectord.stop();
});

test("Node's older client, kept alive and piped", async (t) => {
  const collectord = await startCollectord(t);
  const pool = new http.Agent({ keepAlive: true, maxSockets: 2 });
  const once = (i) => new Promise((resolve, reject) => {
    const request = http.request(`${collectord.url}/heartbeat/agent-${i % 7}`, {
      method: 'POST', agent: pool, headers: { 'Content-Type': 'application/json' },
    }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ mode: 'IDLE', uptime_seconds: i }));
  });
  const statuses = await Promise.all(Array.from({ length: 100 }, (_, i) => once(i)));
  assert.ok(statuses.every((status) => status === 200));
  pool.destroy();
  await collectord.stop();
});

test('a beat while the collector drains is answered', async (t) => {
  const collectord = await startCollectord(t, { DRAIN_MS: '3000' });
  await beat(collectord.url, { mode: 'IDLE', uptime_seconds: 1 });
  const ended = collectord.stop();
  let beats = 0;
  for (const until = Date.now() + 1000; Date.now() < until; beats++) {
    await beat(collectord.url, { mode: 'IDLE', uptime_seconds: 2 + beats });
  }
  assert.ok(beats > 0);
  assert.equal(await ended, 0);
});
