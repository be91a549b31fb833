// SPDX-License-Identifier: MIT
// Observation through the `ws` package, as dashboards use it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import { startCollectord } from './collectord.mjs';

const agent = '550e8400-e29b-41d4-a716-446655440000';

// Messages as they come, each to be awaited.
function observe(collectord, target, options) {
  const socket = new WebSocket(`ws://127.0.0.1:${collectord.port}${target}`, options);
  const waiting = [];
  const come = [];
  socket.on('message', (data, binary) => {
    assert.equal(binary, false);
    const message = JSON.parse(data);
    if (waiting.length > 0) waiting.shift()(message);
    else come.push(message);
  });
  socket.next = () => new Promise((resolve) => {
    if (come.length > 0) resolve(come.shift());
    else waiting.push(resolve);
  });
  socket.on('error', () => {});
  return socket;
}

const post = (collectord, id, mode, uptime) => fetch(`${collectord.url}/heartbeat/${id}`, {
  method: 'POST', body: JSON.stringify({ mode, uptime_seconds: uptime }),
});

test('initial, heartbeats, alerts, pong and close', async (t) => {
  const collectord = await startCollectord(t);
  const socket = observe(collectord, `/observe/${agent}`);
  assert.deepEqual(await socket.next(), {
    type: 'initial', cluster_id: 'is.plugged.in', agent: { agent_uuid: agent, status: 'unknown' },
  });
  await post(collectord, agent, 'IDLE', 1);
  const heartbeat = await socket.next();
  assert.equal(heartbeat.type, 'heartbeat');
  assert.equal(heartbeat.agent.consecutive_heartbeats, 1);
  await post(collectord, agent, 'EMERGENCY', 2);
  const types = [(await socket.next()).type, (await socket.next()).type].sort();
  assert.deepEqual(types, ['alert', 'heartbeat']);
  socket.send('{"type":"ping"}');
  assert.equal((await socket.next()).type, 'pong');
  socket.send('anything else');
  socket.ping('frame');
  assert.equal(String((await once(socket, 'pong'))[0]), 'frame');
  socket.close(1000);
  assert.equal((await once(socket, 'close'))[0], 1000);
  await collectord.stop();
});

test('compression that is offered is not needed', async (t) => {
  const collectord = await startCollectord(t);
  const socket = observe(collectord, '/observe/a', { perMessageDeflate: true });
  assert.equal((await socket.next()).type, 'initial');
  socket.terminate();
  await collectord.stop();
});

test('without an agent id: a message, and 4000', async (t) => {
  const collectord = await startCollectord(t);
  const socket = observe(collectord, '/observe');
  const closed = once(socket, 'close');
  const message = await socket.next();
  assert.equal(message.error, 'Agent ID required');
  assert.ok(message.usage);
  assert.equal((await closed)[0], 4000);
  await collectord.stop();
});

test('the key, as a header and in the address', async (t) => {
  const collectord = await startCollectord(t, { COLLECTOR_API_KEY: 'open sesame' });
  const refused = observe(collectord, '/observe/a');
  const [, response] = await once(refused, 'unexpected-response');
  assert.equal(response.statusCode, 401);
  for (const socket of [
    observe(collectord, '/observe/a', { headers: { 'X-Collector-Key': 'open sesame' } }),
    observe(collectord, '/observe/a', { headers: { Authorization: 'Bearer open sesame' } }),
    observe(collectord, `/observe/a?api_key=${encodeURIComponent('open sesame')}`),
  ]) {
    assert.equal((await socket.next()).type, 'initial');
    socket.terminate();
  }
  await collectord.stop();
});

test('the whole fleet, filtered', async (t) => {
  const collectord = await startCollectord(t);
  const socket = observe(collectord, '/observe?mode=SLEEP&name=web');
  await once(socket, 'open');
  await post(collectord, 'db', 'SLEEP', 1);
  await post(collectord, 'web-1', 'IDLE', 1);
  await post(collectord, 'web-2', 'SLEEP', 1);
  assert.equal((await socket.next()).agent.agent_uuid, 'web-2');
  socket.terminate();
  await collectord.stop();
});

test('1001 when the collector stops', async (t) => {
  const collectord = await startCollectord(t, { DRAIN_MS: '0' });
  const socket = observe(collectord, '/observe/a');
  await socket.next();
  const closed = once(socket, 'close');
  const ended = collectord.stop();
  assert.equal((await closed)[0], 1001);
  assert.equal(await ended, 0);
});
