// SPDX-License-Identifier: MIT
// The page of `papsim load --report` and `papsim capacity --report` in a browser: what is drawn is
// what the JSON says, in light, dark and print, at 400 px too, with no complaint and no request.
//   measured_report_test.mjs
// The page is put together here as papsim does it, around measurements that nobody made.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, startBrowser } from './browser.mjs';

if (!chromium) {
  console.log('no chromium here');
  process.exit(77);
}

const parts = fileURLToPath(new URL('../../papsim/report/page/', import.meta.url));
const part = (name) => readFileSync(path.join(parts, name), 'utf8');
// As measured_to_html() of papsim/report/report_html.cpp.
const toHtml = (measured, text) => part('measured.html').replace(/\{\{([^}]*)\}\}/g,
  (_, name) => {
    if (name === 'json') return JSON.stringify(measured).replaceAll('<', '\\u003c');
    if (name === 'text') return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return part(name);
  });

const times = (p50, p99) => ({ count: 30000, p50, p90: 2 * p50, p99, p999: 2 * p99,
  p9999: 3 * p99, max: 5 * p99 });
const machine = { cpu: 'Intel(R) Xeon(R) CPU @ 2.60GHz', cores: 2, memory_bytes: 8 * 2 ** 30,
  kernel: 'Linux 6.1', papsim: '1.0.0 (gcc 12.2.0, RelWithDebInfo)' };

// Second 40 has no answer, at second 60 the collector is a new process.
const second = (i) => ({ at_ms: (i + 1) * 1000, planned: 330 + i % 7, accepted: i === 40 ? 0
  : 330 + i % 7 - (i % 20 === 11 ? 5 : 0), failed: i === 40 ? 334 : i % 20 === 11 ? 5 : 0,
answer_p50_us: i === 40 ? 0 : 210 + 13 * (i % 11), answer_p99_us: i === 40 ? 0
  : 900 + 400 * (i % 13), collector_resident_bytes: 9000000 + 20000 * i,
collector_cpu_ms: i < 60 ? 120 + 60 * i + i % 5 : 40 * (i - 59) });
const load = { papsim_measured: 1, kind: 'load', target: 'http://127.0.0.1:8080', agents: 10000,
  mode_mix: 'IDLE:90%,EMERGENCY:10%', connections: 'fresh', verdict: 'fail',
  checks: [{ verdict: 'fail', rule: 'S1', what: 'no agent that lives is told </script> dead',
    value: '3 deaths of agents that lived', bound: 'never' },
  { verdict: 'unknown', rule: 'L2', what: 'every death is told', value: '12 were not due yet' }],
  machine, live: { planned: 30120, sent: 30118, accepted: 29750, ends: { answered: 29768,
    timed_out: 340, reset: 10 }, statuses: { 200: 29750, 503: 18 },
  answer_us: times(233, 4100), exchange_us: times(190, 3700), send_lag_us: times(31, 280) },
  seconds: Array.from({ length: 90 }, (_, i) => second(i)) };
const long = { ...load, verdict: 'pass', checks: [],
  seconds: Array.from({ length: 3 * 3600 }, (_, i) => ({ ...second(i % 40), at_ms: i * 1000,
    collector_cpu_ms: 60 * i })) };
const bareLoad = { papsim_measured: 1, kind: 'load', target: 'tcp', verdict: 'unknown' };

const trial = (phase, agents, outcome, why, p50, p99, more) => ({ phase, agents,
  rate: agents / 30, outcome, ...(why ? { why } : {}), answer_us: times(p50, p99),
  send_lag_us: times(30, 300),
  cpu_percent_of_quota: agents / 1620, resident_bytes: 9000000 + 95 * agents,
  resident_grew_bytes: 95 * agents, cpu_us_per_beat: 17, generator_cpu_us_per_beat: 14,
  canaries: 64, ...(outcome === 'held' ? { canaries_found: 64 } : {}), ...more });
const capacity = { papsim_measured: 1, kind: 'capacity', quick: false,
  target: 'spawned: collectord', agents: 60000, heartbeats_per_second: 2000,
  mode_mix: 'IDLE:100%', connections: 'fresh', bracket: { held: 120000, failed: 126000 },
  bounds: { answer_p99_us: 20000, cpu_percent: 70 },
  limited_by: 'CPU 74 % of the quota, bound 70 %',
  quota: { cpu_millicores: 200, memory_bytes: 268435456, by: 'cgroup' }, machine,
  collector: 'PAP Collector 1.0.0', story_hash: '9f2c51d0a7',
  generator: { ceiling_per_second: 50000, cpu_us_per_beat: 14.2 }, bytes_per_agent: 95,
  cpu_us_per_beat: 17.1,
  trials: [
    { phase: 'generator', agents: 1500000, rate: 50000, outcome: 'held',
      answer_us: { ...times(0, 0), count: 0 }, send_lag_us: times(40, 900),
      generator_cpu_us_per_beat: 14.2 },
    trial('search', 1000, 'held', '', 170, 700), trial('search', 2000, 'held', '', 172, 720),
    trial('search', 4000, 'held', '', 175, 760), trial('search', 8000, 'held', '', 180, 800),
    trial('search', 16000, 'held', '', 190, 1000), trial('search', 32000, 'held', '', 210, 1400),
    trial('search', 64000, 'held', '', 260, 2900),
    trial('search', 128000, 'failed', 'p99 31 ms, bound 20 ms', 800, 31000),
    trial('search', 96000, 'held', '', 350, 6000), trial('search', 112000, 'held', '', 430, 9900),
    trial('search', 120000, 'held', '', 520, 14000),
    trial('search', 126000, 'failed', 'CPU 74 % of the quota, bound 70 %', 700, 19000),
    trial('search', 122000, 'invalid', 'the generator lagged by 12 ms', 600, 40000),
    trial('confirmation', 120000, 'held', '', 515, 14100),
    trial('incident', 120000, 'failed', 'p99 88 ms, bound 20 ms', 2100, 88000,
      { name: 'everyone into EMERGENCY' }),
    trial('incident', 60000, 'held', '', 300, 17000, { name: 'everyone into EMERGENCY' })],
  incidents: [{ name: 'everyone into EMERGENCY', agents: 60000 },
    { name: 'Station away', agents: 118000 },
    { name: 'collector restarted', not_tested: 'the target was not spawned' }],
  not_tested: ['a network between agents and collector', 'agents that come <and> go'] };
const bareCapacity = { papsim_measured: 1, kind: 'capacity', quick: true, agents: 0,
  trials: [{ phase: 'search', agents: 100, outcome: 'failed', why: 'no answer' }] };

const folder = mkdtempSync(path.join(tmpdir(), 'papsim-measured-'));
const quick = { ...capacity, quick: true, whole: false };
const samples = { load, long, bareLoad, capacity, quick, bareCapacity };
for (const [name, measured] of Object.entries(samples)) {
  writeFileSync(path.join(folder, name + '.html'), toHtml(measured, 'in <words>'));
}
const browser = await startBrowser();
process.on('exit', browser.kill);
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});
const open = (name, options) =>
  browser.open(pathToFileURL(path.join(folder, name + '.html')).href, options);

// All that is shown, read back from where it is shown.
function shown() {
  const all = (root, selector, read) => [...root.querySelectorAll(selector)].map(read);
  const numbers = (element, ...keys) => keys.map((key) => Number(element.dataset[key]));
  const tableOf = (element) => ({ heads: all(element, 'thead th', (each) => each.textContent),
    rows: all(element, 'tbody tr', (row) => [...row.cells].map((cell) => cell.textContent)) });
  const sections = {};
  for (const each of document.querySelectorAll('main > section')) {
    sections[each.querySelector('h2').textContent] = { text: each.innerText,
      tables: all(each, 'table', tableOf), items: all(each, 'li', (item) => item.textContent),
      facts: Object.fromEntries(all(each, 'dl.about dt', (name) =>
        [name.textContent, name.nextSibling.textContent])) };
  }
  const charts = {};
  for (const figure of document.querySelectorAll('figure[data-chart]')) {
    const picture = figure.querySelector('svg.curves');
    const [low, high, yLow, yHigh] = numbers(picture, 'low', 'high', 'yLow', 'yHigh');
    const log = picture.dataset.log !== undefined;
    const value = (y) => {
      const share = (y - yLow) / (yHigh - yLow);
      return log ? low * (high / low) ** share : low + (high - low) * share;
    };
    charts[figure.dataset.chart] = { width: picture.clientWidth, log,
      pixel: Math.abs((log ? Math.log(high / low) : high - low) / (yHigh - yLow)),
      title: picture.querySelector('title').textContent,
      about: picture.querySelector('desc').textContent,
      bounds: all(picture, '[data-bound]', (line) => [Number(line.dataset.bound),
        value(line.y1.baseVal.value)]),
      bars: all(picture, 'path.bar', (bar) => numbers(bar, 'points', 'total')),
      lines: Object.fromEntries(all(picture, 'path.line', (line) => [line.dataset.series,
        { points: Number(line.dataset.points),
          values: [...line.getAttribute('d').matchAll(/[ML][\d.-]+,([\d.-]+)/g)]
            .map((vertex) => value(Number(vertex[1]))),
          pieces: line.getAttribute('d').split('M').length - 1 }])),
      trials: all(picture, 'path.trial', (mark) => [mark.dataset.series, mark.dataset.outcome,
        ...numbers(mark, 'at', 'value'), value(Number(mark.dataset.y))]) };
  }
  return { headline: document.querySelector('.headline').innerText,
    verdict: document.querySelector('.headline').dataset.verdict,
    rough: document.querySelector('.rough')?.textContent,
    broken: all(document, '.broken', (card) => card.innerText), sections, charts };
}

const plain = (words) => words.replaceAll('\u202f', '').replaceAll('\u00a0', ' ');
const number = (words) => Number.parseFloat(plain(words));
const near = (a, b, within, what) => assert.ok(Math.abs(a - b) <= within, `${what}: ${a}, ${b}`);
const isMs = (words, us, what) => near(number(words), us / 1000, us < 10000 ? 0.0051 : 0.051, what);

// A line goes through these values, each within a pixel of its height.
function goesThrough(chart, name, values) {
  const line = chart.lines[name];
  assert.equal(line.points, values.length, `points of ${name}`);
  assert.equal(line.values.length, values.length, `vertices of ${name}`);
  line.values.forEach((drawn, i) => chart.log
    ? near(Math.log(drawn), Math.log(values[i]), chart.pixel, `${name} ${i}`)
    : near(drawn, values[i], chart.pixel, `${name} ${i}`));
}

function compareLoad(seen) {
  const headline = plain(seen.headline);
  assert.equal(seen.verdict, 'fail');
  assert.match(headline, /✕ Failed: 10000 agents/);
  assert.match(headline, /30120 planned, 30118 sent, 29768 answered, 29750 accepted/);
  assert.equal(seen.broken.length, load.checks.length);
  seen.broken.forEach((card, i) => {
    for (const fact of ['rule', 'what', 'value', 'bound']) {
      assert.ok(card.includes(load.checks[i][fact] ?? ''), `${fact} in ${card}`);
    }
  });
  const [latencies] = seen.sections['How long heartbeats took'].tables;
  assert.deepEqual(latencies.heads.slice(1), ['p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max']);
  assert.deepEqual(latencies.rows.map((row) => row[0]), ['answer: from the planned moment',
    'exchange: from the sending', 'own lag']);
  ['answer_us', 'exchange_us', 'send_lag_us'].forEach((name, i) =>
    ['p50', 'p90', 'p99', 'p999', 'p9999', 'max'].forEach((key, k) =>
      isMs(latencies.rows[i][k + 1], load.live[name][key], `${name} ${key}`)));
  const [ends, statuses] = seen.sections.Failures.tables;
  assert.deepEqual(ends.rows.map((row) => row.slice(0, 2)), [['timed out', '340'],
    ['reset', '10']]);
  assert.deepEqual(statuses.rows.map((row) => row.slice(0, 2)), [['503', '18']]);
  near(number(ends.rows[0][2]), 340 / 30118 * 100, 0.06, 'share of what timed out');
  const { rate, latency, failures, memory, cpu } = seen.charts;
  const of = (name) => load.seconds.map((each) => each[name]);
  goesThrough(rate, 'planned', of('planned'));
  goesThrough(rate, 'accepted', of('accepted'));
  goesThrough(latency, 'p50', of('answer_p50_us').filter((us) => us > 0));
  goesThrough(latency, 'p99', of('answer_p99_us').filter((us) => us > 0));
  assert.equal(latency.lines.p50.pieces, 2, 'a second without answers is a gap');
  assert.ok(latency.log);
  const failed = of('failed').filter((n) => n > 0);
  assert.deepEqual(failures.bars, [[failed.length, failed.reduce((a, b) => a + b, 0)]]);
  goesThrough(memory, 'resident', of('collector_resident_bytes').map((n) => n / 2 ** 20));
  const used = of('collector_cpu_ms');
  goesThrough(cpu, 'cpu', used.slice(1).map((ms, i) => (ms - used[i]) / 10)
    .filter((share) => share >= 0));
  const { facts } = seen.sections['How it was measured'];
  assert.equal(facts['collector at'], load.target);
  assert.ok(facts.machine.includes(machine.cpu) && facts.machine.includes('8 GiB'));
}

function compareCapacity(seen) {
  const headline = plain(seen.headline);
  assert.match(headline, /This collector holds 60000 agents \(2000 heartbeats a second\)/);
  assert.match(headline, /Limited by: CPU 74 % of the quota, bound 70 %/);
  const [held] = seen.sections['What it held'].tables;
  assert.deepEqual(held.rows.map((row) => row.map(plain)), [['calm', '120000', ''],
    ['everyone into EMERGENCY', '60000', '← the least, and so the figure'],
    ['Station away', '118000', ''],
    ['collector restarted', '–', 'not tested: the target was not spawned']]);
  const search = capacity.trials.filter((each) => each.phase === 'search')
    .sort((a, b) => a.agents - b.agents);
  const valid = search.filter((each) => each.outcome !== 'invalid');
  const { latency, cpu, memory } = seen.charts;
  for (const key of ['p50', 'p99', 'p999']) {
    goesThrough(latency, key, valid.map((each) => each.answer_us[key]));
    assert.deepEqual(latency.trials.filter(([name]) => name === key).map((mark) =>
      mark.slice(1, 4)), search.map((each) => [each.outcome, each.agents, each.answer_us[key]]));
  }
  for (const [name, , , value, drawn] of latency.trials) {
    near(Math.log(drawn), Math.log(value), latency.pixel, name);
  }
  goesThrough(cpu, 'cpu', valid.map((each) => each.cpu_percent_of_quota));
  goesThrough(memory, 'memory', valid.map((each) => each.resident_bytes / 2 ** 20));
  assert.equal(latency.bounds[0][0], 20000);
  near(Math.log(latency.bounds[0][1]), Math.log(20000), latency.pixel, 'the bound of p99');
  near(cpu.bounds[0][1], 70, cpu.pixel, 'the bound of the CPU');
  const [{ heads, rows }] = seen.sections['All trials'].tables;
  assert.equal(rows.length, capacity.trials.length);
  capacity.trials.forEach((each, i) => {
    const cell = (head) => rows[i][heads.indexOf(head)];
    assert.equal(cell('phase'), each.name ? `${each.phase}: ${each.name}` : each.phase);
    assert.equal(number(cell('agents')), each.agents);
    near(number(cell('rate /s')), each.rate, 0.51, 'rate');
    assert.equal(cell('outcome'), each.outcome);
    assert.equal(cell('why'), each.why ?? '');
    isMs(cell('own lag p99'), each.send_lag_us.p99, 'own lag');
    near(number(cell('generator’s CPU')), each.generator_cpu_us_per_beat, 0.051, 'generator');
    if (each.answer_us.count === 0) {
      assert.equal(cell('p50'), '–');
      return;
    }
    for (const [head, key] of [['p50', 'p50'], ['p99', 'p99'], ['p99.9', 'p999']]) {
      isMs(cell(head), each.answer_us[key], head);
    }
    near(number(cell('CPU of quota')), each.cpu_percent_of_quota, 0.051, 'CPU');
    near(number(cell('memory')), each.resident_bytes / 2 ** 20, 0.051, 'memory');
    near(number(cell('CPU a heartbeat')), each.cpu_us_per_beat, 0.051, 'CPU a heartbeat');
  });
  const { facts } = seen.sections.Facts;
  assert.equal(plain(facts.bracket), 'held 120000, failed 126000: 5.0 % wide');
  assert.equal(facts['memory an agent'], '95 bytes');
  assert.match(plain(facts['generator’s ceiling']), /^50000 heartbeats a second, 14.2 µs/);
  assert.equal(facts.quota, '200 millicores of CPU, 256 MiB of memory; kept by cgroup');
  assert.equal(facts['story hash'], capacity.story_hash);
  assert.deepEqual(seen.sections['What was not tested'].items, capacity.not_tested);
}

const quiet = (view) => {
  assert.deepEqual(view.complaints, []);
  assert.deepEqual(view.requests(), []);
};
const sides = [['load', compareLoad], ['capacity', compareCapacity]];

for (const [name, compare] of sides) {
  test(`${name}: what is shown is what the JSON says`, async () => {
    const view = await open(name);
    const data = await view.get(() => document.getElementById('measured').textContent);
    assert.deepEqual(JSON.parse(data), samples[name]);
    const seen = await view.get(shown);
    compare(seen);
    for (const { title, about } of Object.values(seen.charts)) assert.ok(title && about, title);
    quiet(view);
  });

  test(`${name}: it is readable at 400 px`, async () => {
    const view = await open(name, { width: 400 });
    assert.ok(await view.get(() => document.documentElement.scrollWidth) <= 400);
    const seen = await view.get(shown);
    compare(seen);
    for (const { width } of Object.values(seen.charts)) {
      assert.ok(width > 300 && width <= 400, `drawn ${width} px wide`);
    }
    quiet(view);
  });

  test(`${name}: it has a dark side, and a printed one`, async () => {
    const paper = () => getComputedStyle(document.documentElement).backgroundColor;
    const dark = await open(name, { dark: true });
    const print = await open(name, { dark: true, media: 'print' });
    assert.notEqual(await dark.get(paper), 'rgb(255, 255, 255)');
    assert.equal(await print.get(paper), 'rgb(255, 255, 255)');
    for (const view of [dark, print]) {
      compare(await view.get(shown));
      quiet(view);
    }
    assert.equal((await print.pdf()).subarray(0, 5).toString(), '%PDF-');
  });
}

test('a run of hours is drawn with a few hundred points, and nothing of it is lost', async () => {
  const view = await open('long');
  const { headline, charts } = await view.get(shown);
  assert.match(headline, /✓ Passed/);
  const every = 30;  // seconds: the least even step that gives no more than 600 points
  const stretches = Array.from({ length: long.seconds.length / every }, (_, i) =>
    long.seconds.slice(i * every, (i + 1) * every));
  assert.ok(stretches.length <= 600);
  const sum = (seconds, name) => seconds.reduce((all, each) => all + each[name], 0);
  const most = (seconds, name) => Math.max(...seconds.map((each) => each[name]));
  goesThrough(charts.rate, 'planned', stretches.map((each) => sum(each, 'planned') / every));
  goesThrough(charts.latency, 'p99', stretches.map((each) => most(each, 'answer_p99_us')));
  goesThrough(charts.cpu, 'cpu', stretches.map(() => 6));
  assert.equal(charts.failures.bars[0][1], sum(long.seconds, 'failed'));
  const rows = await view.get(async () => {
    document.querySelector('details.fold').open = true;
    await new Promise((done) => { setTimeout(done); });
    return document.querySelectorAll('details.fold tbody tr').length;
  });
  assert.equal(rows, stretches.length);
  quiet(view);
});

test('what was not measured is left out', async () => {
  const bare = await open('bareLoad');
  const seen = await bare.get(shown);
  assert.match(seen.headline, /\? Undecided/);
  assert.deepEqual(Object.keys(seen.sections), ['How it was measured']);
  assert.deepEqual(seen.charts, {});
  const none = await open('bareCapacity', { width: 400 });
  const nothing = await none.get(shown);
  assert.match(nothing.headline, /No number of agents was found/);
  assert.deepEqual(Object.keys(nothing.sections), ['All trials']);
  assert.deepEqual(nothing.sections['All trials'].tables[0].heads,
    ['phase', 'agents', 'outcome', 'why']);
  for (const view of [bare, none]) {
    assert.doesNotMatch(await view.get(() => document.body.innerText), /undefined|NaN|null/);
    quiet(view);
  }
});

test('a pointer over a curve is told the numbers below it', async () => {
  const view = await open('capacity');
  const said = await view.get(() => {
    const figure = document.querySelector('figure[data-chart=latency]');
    const mark = figure.querySelector('path.trial[data-series=p99][data-at="126000"]');
    const picture = figure.querySelector('svg.curves');
    picture.dispatchEvent(new PointerEvent('pointermove',
      { clientX: picture.getBoundingClientRect().left + Number(mark.dataset.x) }));
    return figure.querySelector('output').textContent;
  });
  assert.equal(plain(said), '126000 agents:  p50 0.70 ms failed  p99 19.0 ms failed  ' +
    'p99.9 38.0 ms failed');
});

test('a quick measurement says so at its head', async () => {
  const [rough, whole] = [await open('quick'), await open('capacity')];
  assert.match((await rough.get(shown)).rough, /rough: --quick; stopped before its end/);
  assert.equal((await whole.get(shown)).rough, undefined);
  quiet(rough);
});
