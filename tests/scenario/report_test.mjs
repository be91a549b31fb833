// SPDX-License-Identifier: MIT
// The page of `papsim replay --report` in a browser: what is drawn is what the JSON says, in light,
// dark and print, at 400 px too, with no complaint and no request.
//   report_test.mjs PAPSIM
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, startBrowser } from './browser.mjs';

const papsim = process.argv[2];
if (!chromium) {
  console.log('no chromium here');
  process.exit(77);
}

const folder = mkdtempSync(path.join(tmpdir(), 'papsim-page-'));
const passing = `papsim: 1
name: rough-night
about: The Station is away, the collector stands still, a rack dies & <comes> back.
seeds: {ci: 1..3}
run: {for: 8m}
fleet:
  rack: {count: 600, id: "rack-{i:03}", jitter: 10%}
  rest: {count: 40, jitter: 10%}
timeline:
  - {id: dark, during: [90s, 3m], do: {station: down}}
  - {id: cut, at: 100s, who: rack, do: {restart: {down: 2m}}}
  - {id: nap, at: 5m, do: {collector: {pause: 12s}}}
  - {id: kill, at: 6m, do: {collector: {restart: {down: 20s, how: kill}}}}
expect: {alerts: {"*": any}, reach: death_decided}
`;
const failing = `papsim: 1
name: told-twice
about: One death is told once, and the scenario expects it twice.
seeds: {ci: 1..3}
run: {for: 4m}
fleet:
  pods: {count: 10, id: "pod-{i}", jitter: 10%}
timeline:
  - {id: cut, at: 70s, who: {group: pods, pick: 2}, do: die}
expect: {alerts: {AGENT_DEATH: {exactly: cut, times: 2}}}
`;
// More entries and more agents that a rule names than there is room for, and long names.
const entries = Array.from({ length: 45 }, (_, i) => '  - {id: ENTRY-OF-A-TIMELINE-WITH-NAMES-' +
  `WIDER-THAN-400-PIXELS-ALLOW-${i}, at: ${10 + i}s, who: calm, do: {freeze: 1s}}\n`);
const crowded = `papsim: 1
name: crowd
about: A second death is held back and never told.
fails: S9
sabotage: hide_held
run: {for: 8m}
fleet:
  flaps: {count: 20, mode: EMERGENCY, id: "flap-{i:02}", jitter: 4%}
  calm: {count: 2}
timeline:
  - {id: first, at: 100s, who: flaps, do: {restart: {down: 20s}}}
  - {id: again, at: 122s, who: flaps, do: die}
  - {id: back, at: 4m, who: flaps, do: revive}
${entries.join('')}expect: {alerts: {"*": any}, reach: held_back}
`;
// What is met again and again; a word as long as a page is wide; and living agents told dead.
const longWord = 'a_word_that_has_no_space_in_it_and_cannot_be_broken_but_anywhere'.repeat(2);
const again = `papsim: 1
name: again
about: ${longWord}
run: {for: 12m}
fleet:
  rack: {count: 5, id: "rack-{i}"}
  cold: {count: 3, id: "cold-{i}", retry: steady}
timeline:
  - {id: wob, every: {each: 20s, from: 1m, to: 5m, lasts: 5s}, who: rack, do: {net: {delay: 1s}}}
  - {id: ice, at: 1m, who: cold, do: {freeze: 20s}}
  - {id: boot, at: 70s, who: {group: cold, pick: 1, order: id}, do: {restart: {down: 1s}}}
  - {id: cut, during: [6m, 8m], who: rack, do: {net: {cut: to}}}
expect: {alerts: {"*": any}, allow: agent_away, agents: {total: 8}}
`;
writeFileSync(path.join(folder, 'again.yaml'), again);
writeFileSync(path.join(folder, 'crowded.yaml'), crowded);
writeFileSync(path.join(folder, 'passing.yaml'), passing);
writeFileSync(path.join(folder, 'failing.yaml'), failing);
const page = path.join(folder, 'page.html');
const run = spawnSync(papsim, ['replay', path.join(folder, 'passing.yaml'),
  path.join(folder, 'failing.yaml'), '--jobs', '1', '--report', page, '--json',
  path.join(folder, 'report.json')], { encoding: 'utf8' });
assert.equal(run.status, 1, run.stderr);
const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
// A page on which all is well: a canary fails as it must.
const goodPage = path.join(folder, 'good.html');
const blinks = fileURLToPath(new URL('../../scenarios/fast/rack_blinks.yaml', import.meta.url));
const good = spawnSync(papsim, ['replay', blinks, path.join(folder, 'crowded.yaml'),
  path.join(folder, 'again.yaml'), '--jobs', '1',
  '--report', goodPage, '--json', path.join(folder, 'good.json')], { encoding: 'utf8' });
assert.equal(good.status, 0, good.stdout + good.stderr);
const goodReport = JSON.parse(readFileSync(path.join(folder, 'good.json'), 'utf8'));
const browser = await startBrowser();
process.on('exit', browser.kill);
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (options) => browser.open(pathToFileURL(page).href, options);
const openGood = (options) => browser.open(pathToFileURL(goodPage).href, options);
const scenarioOf = (name) => [...report.scenarios, ...goodReport.scenarios].find((scenario) =>
  scenario.name === name);
const recordingOf = (name) => scenarioOf(name).seeds.find((seed) => seed.recording).recording;

// All that a drawing shows, read back from where it is drawn.
function drawnOf(name) {
  const section = document.querySelector(`details.scenario[data-name="${name}"]`);
  const number = (element, key) => Number(element.dataset[key]);
  const all = (root, selector, read) => [...root.querySelectorAll(selector)].map(read);
  const times = section.querySelector('svg.times');
  const until = number(times, 'until');
  const toTime = (picture, x, from, to) => from + (x - number(picture, 'xFrom')) /
    (number(picture, 'xTo') - number(picture, 'xFrom')) * (to - from);
  const lines = all(times, '.panel path.line', (line) => {
    const panel = line.closest('.panel');
    const top = number(panel, 'yTop');
    const bottom = number(panel, 'yBottom');
    const low = number(panel, 'bottom');
    const span = number(panel, 'top') - low;
    const points = [...line.getAttribute('d').matchAll(/([-\d.]+),([-\d.]+)H/g)];
    const levels = points.map((each) => low + (bottom - Number(each[2])) / (bottom - top) * span);
    const begins = points.map((each) => toTime(times, Number(each[1]), 0, until));
    // A pixel, in what the axis counts.
    return { name: line.dataset.series, levels, begins, pixel: span / (bottom - top) };
  });
  const totals = all(times, '[data-total]', (each) =>
    [each.dataset.kind, each.dataset.series, number(each, 'total')]);
  const bands = all(times, 'rect.band', (band) => ({ id: band.dataset.band,
    from: number(band, 'from'), to: number(band, 'to'), agents: number(band, 'agents'),
    left: toTime(times, Number(band.getAttribute('x')), 0, until) }));
  const lags = all(section, 'svg.lags', (picture) => ({ mode: picture.dataset.mode,
    earliest: number(picture.querySelector('.window'), 'earliest'),
    latest: number(picture.querySelector('.window'), 'latest'),
    dots: all(picture, '.dot', (dot) => {
      const share = (number(picture, 'yLow') - number(dot, 'y')) /
        (number(picture, 'yLow') - number(picture, 'yHigh'));
      return { at: number(dot, 'at'), silence: number(dot, 'silence'),
        count: number(dot, 'count'), kind: dot.classList[1],
        drawnAt: toTime(picture, number(dot, 'x'), 0, number(picture, 'until')),
        drawnSilence: number(picture, 'low') +
          share * (number(picture, 'high') - number(picture, 'low')) };
    }) }));
  const lanes = all(section, 'g.lane', (lane) => ({ agent: lane.dataset.agent,
    to: number(lane, 'to'),
    marks: all(lane, '.mark', (mark) => ({ kind: mark.dataset.kind, at: number(mark, 'at'),
      drawnAt: toTime(lane.closest('svg'), number(mark, 'x'), number(lane, 'from'),
        number(lane, 'to')) })),
    stretches: all(lane, '.stretch', (each) => [each.dataset.kind, number(each, 'from'),
      number(each, 'to')]) }));
  const broken = all(times, '.broken-at', (line) => [line.dataset.rule, number(line, 'at')]);
  // The top of what is stacked.
  const queue = all(times, '.panel[data-panel^="Alert queue"]', (panel) => {
    const heights = all(panel, 'path.area', (area) => [...area.getAttribute('d')
      .matchAll(/,([-\d.]+)H/g)].map((each) => Number(each[1]))).flat();
    const bottom = number(panel, 'yBottom');
    return number(panel, 'top') * (bottom - Math.min(...heights)) /
      (bottom - number(panel, 'yTop'));
  });
  const shades = all(times, 'rect.shade', (shade) => shade.classList[1]).sort();
  return { until, every: number(times, 'every'), width: times.clientWidth, lines, totals, queue,
    bands, shades, lags, lanes, broken };
}

const near = (a, b, within, what) => assert.ok(Math.abs(a - b) <= within, `${what}: ${a}, ${b}`);

function compare(drawn, recording) {
  const second = drawn.until / 800;  // of time to a pixel, and some
  const { series, every_ms: every } = drawn.until > recording.busy_ms && recording.whole
    ? recording.whole : recording;
  const last = Math.ceil(drawn.until / every);
  assert.equal(drawn.every, every);
  assert.equal(series.known.length, last);
  assert.ok(drawn.lines.length >= 3);
  for (const { name, levels, begins, pixel } of drawn.lines) {
    assert.equal(levels.length, last, name);
    levels.forEach((level, i) => near(level, series[name][i], pixel, `${name} ${i}`));
    begins.forEach((begin, i) => near(begin, i * every, second, `${name} ${i}`));
  }
  for (const [kind, name, total] of drawn.totals) {
    const sum = series[name].reduce((a, b) => a + b, 0);
    assert.equal(total, sum, `${kind} of ${name}`);
  }
  const bands = recording.timeline.flatMap(({ id, stretches }) => stretches.map((each) => [id,
    each.from_ms, each.to_ms, each.agents]));
  for (const absence of recording.absences) {
    bands.push(['collector absent', absence.from_ms, absence.to_ms, 0]);
  }
  const byName = (a, b) => String(a).localeCompare(String(b));
  assert.deepEqual(drawn.bands.map(({ id, from, to, agents }) => [id, from, to, agents])
    .sort(byName), bands.sort(byName));
  for (const band of drawn.bands) near(band.left, band.from, second, band.id);
  assert.deepEqual(drawn.lags.map(({ mode, earliest, latest, dots }) => ({ mode, earliest, latest,
    dots: dots.map(({ at, silence, count, kind }) => ({ at, silence, count, kind })) })),
  recording.lags.map((lags) => ({ mode: lags.mode, earliest: lags.earliest_ms,
    latest: lags.latest_ms, dots: lags.dots.map((dot) => ({ at: dot.at_ms,
      silence: dot.silence_ms, count: dot.count, kind: dot.kind })) })));
  for (const dot of drawn.lags.flatMap((lags) => lags.dots)) {
    near(dot.drawnAt, dot.at, second, 'a dot');
    near(dot.drawnSilence, dot.silence, 2, 'a dot');
  }
  assert.deepEqual(drawn.lanes.map((lane) => lane.agent),
    recording.lanes.map((lane) => lane.agent));
  drawn.lanes.forEach((lane, k) => {
    const { marks, stretches } = recording.lanes[k];
    assert.deepEqual(lane.marks.map(({ kind, at }) => [kind, at]), marks
      .filter((mark) => mark.at_ms <= lane.to).map((mark) => [mark.kind, mark.at_ms]));
    // What is due is drawn last, for nothing to lie upon it.
    const isDue = (each) => each.kind === 'due';
    assert.deepEqual(lane.stretches, [...stretches.filter((each) => !isDue(each)),
      ...stretches.filter(isDue)].filter((each) => each.from_ms <= lane.to)
      .map((each) => [each.kind, each.from_ms, each.to_ms]));
    for (const mark of lane.marks) near(mark.drawnAt, mark.at, second, mark.kind);
  });
}

// Runs in the page.
const unfold = (name) => {
  document.querySelector(`details.scenario[data-name="${name}"]`).open = true;
};

test('what is drawn is what the JSON says', async () => {
  const view = await open();
  const data = await view.get(() => document.getElementById('report').textContent);
  assert.deepEqual(JSON.parse(data), report);
  compare(await view.get(drawnOf, 'told-twice'), recordingOf('told-twice'));
  await view.get(unfold, 'rough-night');
  await view.frames();
  const drawn = await view.get(drawnOf, 'rough-night');
  compare(drawn, recordingOf('rough-night'));
  assert.ok(drawn.lags[0].dots.some((dot) => dot.count > 1), 'many deaths are put together');
  assert.deepEqual(view.complaints, []);
  assert.deepEqual(view.requests(), []);
});

test('what failed stands first and open, with its causes and the command that repeats it',
  async () => {
    const view = await open();
    const seen = await view.get(() => ({
      verdict: document.querySelector('.headline').dataset.verdict,
      headline: document.querySelector('.headline').textContent,
      scenarios: [...document.querySelectorAll('details.scenario')].map((each) =>
        [each.dataset.name, each.open]),
      overview: [...document.querySelectorAll('main > table tbody tr')].map((row) =>
        [...row.cells].map((cell) => cell.textContent)),
      seeds: [...document.querySelectorAll('details.seed')].map((each) =>
        [each.dataset.seed, each.open]),
      card: document.querySelector('.broken').innerText,
      story: [...document.querySelectorAll('.story')[0].children].map((each) =>
        each.lastChild.textContent),
      command: document.querySelector('.command').textContent,
    }));
    assert.equal(seen.verdict, 'fail');
    const seed = scenarioOf('told-twice').seeds[0];
    const check = seed.checks.find((each) => each.verdict === 'fail');
    assert.ok(seen.headline.includes(`told-twice, seed 1: alerts: AGENT_DEATH: exactly cut: ` +
      `${check.value} (bound: ${check.bound})`), seen.headline);
    assert.deepEqual(seen.seeds, [['1', true], ['2', false], ['3', false]]);
    assert.deepEqual(seen.scenarios, [['told-twice', true], ['rough-night', false]]);
    assert.deepEqual(seen.overview.map((row) => row.slice(0, 4)),
      [['fail', 'told-twice', '3 seeds', 'alerts'], ['pass', 'rough-night', '3 seeds', '']]);
    for (const fact of [check.rule, check.what, check.value, check.bound, check.source,
      String(check.population), `failing.yaml:${check.line}`]) {
      assert.ok(seen.card.includes(fact), `${fact} in ${seen.card}`);
    }
    assert.equal(seen.story.length, check.stories[0].events.length);
    seen.story.forEach((line, i) => assert.ok(line.startsWith(check.stories[0].events[i].what)));
    assert.equal(seen.command, seed.repeat);
  });

test('it is readable at 400 px', async () => {
  const view = await open({ width: 400 });
  await view.get(unfold, 'rough-night');
  await view.frames();
  assert.ok(await view.get(() => document.documentElement.scrollWidth) <= 400);
  const drawn = await view.get(drawnOf, 'told-twice');
  assert.ok(drawn.width > 300 && drawn.width <= 400, `drawn ${drawn.width} px wide`);
  compare(drawn, recordingOf('told-twice'));
  assert.deepEqual(view.complaints, []);
});

test('it is drawn anew when its width changes, and whole when asked to be', async () => {
  const view = await open();
  await view.get(unfold, 'rough-night');
  const before = await view.get(drawnOf, 'told-twice');
  const after = await view.get(async (read) => {
    document.getElementById('page').style.width = '600px';
    [...document.querySelectorAll('button')].forEach((button) => button.click());
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return read;
  }).then(() => view.get(drawnOf, 'told-twice'));
  assert.ok(after.width < before.width);
  const { end_ms: end } = recordingOf('told-twice');
  assert.equal(after.until, end);
  compare(after, recordingOf('told-twice'));
});

test('it has a dark side, and a printed one', async () => {
  const paper = () => getComputedStyle(document.documentElement).backgroundColor;
  const light = await open();
  const dark = await open({ dark: true });
  const print = await open({ dark: true, media: 'print' });
  assert.equal(await light.get(paper), 'rgb(255, 255, 255)');
  assert.notEqual(await dark.get(paper), 'rgb(255, 255, 255)');
  assert.equal(await print.get(paper), 'rgb(255, 255, 255)');
  for (const view of [dark, print]) {
    compare(await view.get(drawnOf, 'told-twice'), recordingOf('told-twice'));
    assert.deepEqual(view.complaints, []);
  }
  assert.equal((await print.pdf()).subarray(0, 5).toString(), '%PDF-');
});

test('every picture has a title, a description and its numbers as a table', async () => {
  const view = await open();
  const pictures = await view.get(() => [...document.querySelectorAll('figure svg[role=img]')]
    .map((each) => [each.querySelector(':scope > title')?.textContent,
      each.querySelector(':scope > desc')?.textContent]));
  assert.ok(pictures.length >= 3);
  for (const [title, words] of pictures) assert.ok(title && words, `${title}: ${words}`);
  const rows = await view.get(async () => {
    const folds = [...document.querySelectorAll('details.fold')];
    for (const each of folds) each.open = true;
    await new Promise((done) => { setTimeout(done); });
    return folds.map((each) => each.querySelectorAll('tbody tr').length);
  });
  const recording = recordingOf('told-twice');
  // The coarser points of the whole run go on where the finer ones end.
  assert.equal(recording.busy_ms % recording.whole.every_ms, 0);
  assert.equal(rows[0], recording.series.known.length + recording.whole.series.known.length -
    recording.busy_ms / recording.whole.every_ms);
  assert.equal(rows[1], recording.lanes.reduce((sum, lane) => sum + lane.marks.length, 0));
  assert.equal(rows[2], scenarioOf('told-twice').seeds[0].checks.length);
});

test('of what failed the failed check comes before the undecided ones', async () => {
  const view = await open();
  const order = await view.get(() => {
    const seed = { seed: 9, verdict: 'fail', checks: ['unknown', 'pass', 'invalid', 'fail'].map(
      (verdict) => ({ verdict, rule: verdict, what: 'what', value: '', bound: '', population: 1,
        stories: [{ events: [{ at_ms: 1, what: 'it' }] }] })) };
    const card = seedDetails({ file: 'f.yaml' }, seed, true);
    return [...card.querySelectorAll('.broken')].map((each) =>
      [each.dataset.rule, each.querySelector('.telling').open]);
  });
  assert.deepEqual(order, [['fail', true], ['invalid', false], ['unknown', false]]);
});

test('no more alerts are stacked than there ever were', async () => {
  const view = await openGood();
  await view.get(unfold, 'rack-blinks');
  await view.frames();
  const drawn = await view.get(drawnOf, 'rack-blinks');
  compare(drawn, recordingOf('rack-blinks'));
  // 40 deaths and 40 restarts, all of which wait for the Station.
  assert.equal(drawn.queue.length, 1);
  near(drawn.queue[0], 80, 2, 'the top of the stack');
  // A lane goes on until its alerts are delivered.
  for (const lane of drawn.lanes) {
    assert.equal(lane.marks.filter((mark) => mark.kind === 'delivered').length, 2, lane.agent);
  }
});

test('a canary is not praised for rules that held', async () => {
  const view = await openGood();
  await view.get(unfold, 'crowd');
  await view.frames();
  const seen = await view.get(() => ({
    headline: document.querySelector('.headline').innerText,
    rows: [...document.querySelectorAll('main > table tbody tr')].map((row) =>
      row.cells[3].textContent),
    lane: document.querySelector('[data-name=crowd] g.lane text.name').textContent,
    omissions: document.querySelector('[data-name=crowd] .omissions').textContent,
    more: document.querySelector('[data-name=crowd] [data-more]').textContent,
  }));
  assert.match(seen.headline, /3 scenarios passed/);
  assert.match(seen.headline, /Every rule and every expectation held in 2 of them/);
  assert.match(seen.headline, /1 canary failed as it must by the rule that it names: S9\./);
  assert.deepEqual(seen.rows, ['', 'S9, as it must', '']);
  assert.match(seen.lane, /named by S9/);
  // What there is no room for is told.
  assert.equal(recordingOf('crowd').lanes.length, 12);
  assert.match(seen.omissions, /at least 8 more agents that checks name/);
  assert.match(seen.more, /and 8 more of the timeline/);
});

test('names that are longer than the page is wide are shortened', async () => {
  const view = await openGood({ width: 400 });
  await view.get(unfold, 'crowd');
  await view.frames();
  const seen = await view.get(() => [...document.querySelectorAll('[data-name=crowd] text.name')]
    .map((name) => {
      const picture = name.closest('svg').getBoundingClientRect();
      return [name.firstChild.textContent, name.getBoundingClientRect().right - picture.right];
    }));
  assert.equal(seen.filter(([name]) => /^ENTRY-OF-A-.*…$/.test(name)).length, 37);
  for (const [name, beyond] of seen) assert.ok(beyond <= 1, `${name}: ${beyond} px too long`);
});

test('what the timeline does is shaded, and a legend says what colours and lines mean',
  async () => {
    const view = await open();
    await view.get(unfold, 'rough-night');
    await view.frames();
    const legend = (name) => document.querySelector(
      `details.scenario[data-name="${name}"] .times-legend`).innerText;
    const drawn = await view.get(drawnOf, 'rough-night');
    assert.deepEqual(recordingOf('rough-night').absences.map((each) => each.what),
      ['still', 'down']);
    assert.deepEqual(drawn.shades,
      ['absence', 'absence', 'agents', 'collector', 'collector', 'station']);
    const kill = drawn.bands.find((band) => band.id === 'kill');
    assert.equal(kill.to - kill.from, 20000);
    const words = await view.get(legend, 'rough-night');
    for (const each of ['acts on agents', 'on the Station', 'on the collector',
      'did not run, or stood still', 'shaded as long as it lasts']) {
      assert.ok(words.includes(each), `${each} in ${words}`);
    }
    // Of what is not drawn it says nothing.
    const part = await view.get(legend, 'told-twice');
    assert.ok(!part.includes('Station') && !part.includes('all faults are over'), part);
    await view.get(() => document.querySelector('[data-name="told-twice"] button').click());
    const whole = await view.get(legend, 'told-twice');
    assert.ok(whole.includes('all faults are over'), whole);
  });

test('few deaths are dots that are seen, and no words lie upon them', async () => {
  for (const width of [1000, 400]) {
    const view = await open({ width });
    const seen = await view.get(() => {
      const picture = document.querySelector('[data-name="told-twice"] svg.lags');
      const box = (each) => each.getBoundingClientRect();
      const apart = (a, b) => a.right < b.left || b.right < a.left || a.bottom < b.top ||
        b.bottom < a.top;
      const dots = [...picture.querySelectorAll('.dot')];
      return { radii: dots.map((dot) => Number(dot.getAttribute('r'))),
        opacity: getComputedStyle(dots[0]).opacity,
        caption: picture.closest('figure').querySelector('figcaption').textContent,
        covered: [...picture.querySelectorAll('.edge')].filter((words) =>
          !dots.every((dot) => apart(box(words), box(dot)))).length };
    });
    assert.equal(seen.radii.length, 2);
    for (const radius of seen.radii) assert.ok(radius >= 4);
    assert.equal(seen.opacity, '1');
    assert.equal(seen.covered, 0);
    assert.equal(seen.caption,
      '2 deaths of IDLE agents, each after 1m3s of silence; the window is 1m to 1m3s.');
  }
});

test('an agent that is met again and again is counted once', async () => {
  const view = await openGood();
  await view.get(unfold, 'again');
  await view.frames();
  const drawn = await view.get(drawnOf, 'again');
  compare(drawn, recordingOf('again'));
  const names = await view.get(() => [...document.querySelectorAll(
    '[data-name=again] svg.times text.name title')].map((each) => each.textContent));
  assert.ok(names.includes('wob, net, 5 agents'), names.join('\n'));
  // Of whom another entry restarts the freeze is over.
  const ice = drawn.bands.filter((band) => band.id === 'ice');
  assert.deepEqual(ice.map(({ from, to, agents }) => [from, to, agents]), [[60000, 80000, 3]]);
});

test('of signs that are not drawn nothing is said', async () => {
  const view = await openGood();
  await view.get(unfold, 'again');
  await view.frames();
  const words = await view.get(() => document.querySelector('[data-name=again]').innerText);
  assert.ok(recordingOf('again').lags.every((lags) => lags.dots.length > 0 &&
    lags.dots.every((dot) => dot.kind === 'living')));
  assert.match(words, /Crosses are agents that were alive\./);
  assert.doesNotMatch(words, /riangles/);
});

test('a long word makes no page wider than its window', async () => {
  const view = await openGood({ width: 400 });
  await view.get(unfold, 'again');
  await view.frames();
  const [wide, words] = await view.get(() => [document.documentElement.scrollWidth,
    document.querySelector('[data-name=again] > p').textContent]);
  assert.equal(words, longWord);
  assert.ok(wide <= 400, `${wide} px`);
});

test('words in a crowd of dots lie where the fewest are', async () => {
  const view = await open();
  const place = await view.get(() => {
    // Everywhere but low on the left.
    const dots = [];
    for (let x = 40; x < 400; x += 4) {
      for (const y of [90, 110]) if (x > 200 || y < 100) dots.push({ x, y, reach: 4 });
    }
    return freePlace('2I = 1m', [92, 112], dots, 400);
  });
  assert.equal(place.y, 112);
  assert.ok(place.right < 200, `${place.right}`);
});

test('it says how much was not run', async () => {
  const view = await open();
  const words = await view.get(() => headline([], [{ file: 'a.yaml', name: 'a', seeds: 20 },
    { file: 'b.yaml', name: 'b', seeds: 1 }]).textContent);
  assert.match(words, /Not run: 21 seeds of 2 scenarios\./);
});
