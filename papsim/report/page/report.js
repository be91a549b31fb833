// SPDX-License-Identifier: MIT
// The page: what failed, an overview, and the details of each scenario, failures first and open.

const WORST = ['fail', 'invalid', 'unknown', 'pass'];
const MOST_SEEDS = 50;  // of one scenario, each with its own checks
const byVerdict = (a, b) => WORST.indexOf(a.verdict) - WORST.indexOf(b.verdict);
const badge = (verdict) => el('span', { class: `badge ${verdict}`, text: verdict });
const notPassed = (seed) =>
  seed.checks.filter((check) => check.verdict !== 'pass').sort(byVerdict);
// A canary must fail, and this check says by which rule; its value begins with the one that did.
const canaryOf = (seed) => seed.checks.find((check) => check.rule === 'fails');
const caughtBy = (check) => check.value.split(':')[0];

function brokenCard(file, check, open) {
  const place = check.line ? `${file}:${check.line}` : '';
  const fact = (name, value, kind) => value === '' || value === undefined ? null :
    el('div', { class: kind || '' }, el('dt', { text: name }), el('dd', { text: value }));
  const card = el('article', { class: `broken ${check.verdict}`, 'data-rule': check.rule },
    el('h4', {}, badge(check.verdict), ` ${check.rule}: ${check.what}`),
    el('dl', { class: 'facts' }, fact('value', check.value, 'value'), fact('bound', check.bound),
      fact('population', digits(check.population)),
      check.line ? el('div', { class: 'source' }, el('dt', { text: place }),
        el('dd', {}, el('code', { text: check.source || '' }))) : null));
  for (const cause of check.chain || []) card.append(el('p', { text: 'because ' + cause }));
  for (const story of check.stories || []) card.append(storyOf(file, story, open));
  return card;
}

function storyOf(file, story, open) {
  const lines = story.events.map((event) => el('li', { class: event.line ? 'planned' : null },
    el('time', { text: clock(event.at_ms) }),
    el('span', {}, event.what, event.line
      ? el('span', { class: 'faint', text: `  (${file}:${event.line})` }) : null)));
  return el('details', { class: 'telling', open }, el('summary', {
    text: story.agent ? 'Story of ' + story.agent : 'What happened' }),
  el('ol', { class: 'story' }, ...lines));
}

function checksTable(file, checks) {
  const rows = [...checks].sort(byVerdict).map((check) => [badge(check.verdict), check.rule,
    check.what, check.value, check.bound, digits(check.population),
    check.line ? String(check.line) : '']);
  return el('div', { class: 'scroll' }, table(
    ['', 'rule', 'what', 'value', 'bound', 'population', 'line'], rows,
    ['', 'keep', '', '', 'wide', 'number', 'number wide']));
}

function numbersTable(recording) {
  const names = Object.keys(recording.series);
  const rowsOf = ({ series, every_ms: every }, from) => {
    const rows = [];
    for (let i = Math.ceil(from / every); i < series.known.length; ++i) {
      rows.push([clock(i * every), ...names.map((name) => digits(series[name][i]))]);
    }
    return rows;
  };
  const rows = rowsOf(recording, 0);
  // The coarser points of the whole run go on where the finer ones end.
  if (recording.whole) rows.push(...rowsOf(recording.whole, recording.busy_ms));
  return el('div', { class: 'scroll' }, table(['from', ...names], rows,
    ['number', ...names.map(() => 'number')]));
}

function timesFigure(seed) {
  const recording = seed.recording;
  const busy = recording.busy_ms;
  let until = busy;
  const redraws = [];
  const said = el('output', { 'aria-hidden': 'true' });
  const holder = el('div', {});
  redraws.push(drawnToFit(holder, (width) =>
    drawTimes(seed, until, width, (words) => { said.textContent = words; })));
  const pointWords = () => `A point is ${tickWord(viewOf(recording, until).every_ms)}; ` +
    (until < recording.end_ms ? `drawn are ${clock(until)} of ` : 'the run takes ') +
    `${clock(recording.end_ms)}.`;
  const points = el('span', { text: pointWords() });
  const caption = el('figcaption', {}, points);
  const legend = el('div', {}, timesLegend(seed, until));
  const figures = el('div', {}, el('h4', { text: 'By time' }), legend,
    el('figure', {}, caption, holder, said),
    fold('The numbers as a table', () => numbersTable(recording)));
  if (recording.lags.length > 0) figures.append(el('h4', { text: 'How late deaths were decided' }));
  for (const lags of recording.lags) {
    const lagHolder = el('div', {});
    redraws.push(drawnToFit(lagHolder, (width) => drawLags(lags, until, width)));
    figures.append(el('figure', {}, el('figcaption', { text: lagWords(lags) }), lagHolder));
  }
  const kinds = new Set(recording.lags.flatMap((lags) => lags.dots.map((dot) => dot.kind)));
  const signs = [kinds.has('outside') ? 'Triangles lie outside the window, which a pause of the ' +
    'collector may extend.' : '', kinds.has('living') ? 'Crosses are agents that were alive.' : '']
    .filter(Boolean).join(' ');
  if (signs) figures.append(el('p', { class: 'faint', text: signs }));
  if (recording.lanes.length > 0) {
    const laneHolder = el('div', {});
    redraws.push(drawnToFit(laneHolder, (width) => drawLanes(recording.lanes, until, width)));
    figures.append(el('h4', { text: 'Agents, beat by beat' }), laneLegend(recording.lanes),
      el('figure', {}, laneHolder), laneOmissions(recording) || '',
      fold('The same as a table', () => laneTable(recording.lanes)));
  }
  if (busy < recording.end_ms) {
    const button = el('button', { type: 'button', text: 'whole run' });
    button.addEventListener('click', () => {
      until = until === busy ? recording.end_ms : busy;
      points.textContent = pointWords();
      legend.replaceChildren(timesLegend(seed, until));
      button.textContent = until === busy ? 'whole run' : 'where something happens';
      for (const redraw of redraws) redraw();
    });
    caption.append(button);
  }
  return figures;
}

// Of a run over sockets: what became of its heartbeats, and how long that took.
function liveFacts(live) {
  const spread = (times) => ['p50', 'p90', 'p99', 'p999', 'max'].map((name) =>
    msWord(times[name]));
  const ends = Object.entries(live.ends).map(([name, n]) => `, ${digits(n)} ${name}`).join('');
  return el('div', {}, el('h4', { text: 'Over sockets' }), el('p', { text:
    `${digits(live.planned)} heartbeats planned, ${digits(live.sent)} sent, ` +
    `${digits(live.accepted)} accepted${ends}` }), el('div', { class: 'scroll' }, table(
    ['', 'p50', 'p90', 'p99', 'p999', 'most'], [
      ['planned to answered', ...spread(live.answer_us)],
      ['sent to answered', ...spread(live.exchange_us)],
      ['planned to sent: our own lag', ...spread(live.send_lag_us)]],
    ['', 'number', 'number', 'number', 'number', 'number'])));
}

function seedDetails(scenario, seed, open) {
  const failed = notPassed(seed);
  const details = el('details', { class: 'seed', open, 'data-seed': seed.seed },
    el('summary', {}, el('h3', {}, badge(seed.verdict), ` seed ${seed.seed}`),
      el('span', { class: 'faint', text: `  ${clock(seed.virtual_ms)} ` +
        (seed.live ? 'over sockets, ' : 'of virtual time, ') +
        `${many(seed.heartbeats, 'heartbeat')}, ${many(seed.alerts, 'alert')}` })));
  const fill = () => {
    details.append(el('code', { class: 'command', text: seed.repeat }));
    failed.forEach((check, i) => details.append(brokenCard(scenario.file, check, i === 0)));
    const canary = canaryOf(seed);
    if (canary && failed.length === 0) {
      details.append(el('p', { class: 'canary', text: `A canary, which ${canary.what}. ` +
        `It did: ${canary.value}` }));
    }
    if (seed.live) details.append(liveFacts(seed.live));
    if (seed.recording) details.append(timesFigure(seed));
    const passed = seed.checks.length - failed.length;
    if (passed > 0) {
      details.append(fold(`All ${many(seed.checks.length, 'check')}, ${digits(passed)} passed`,
        () => checksTable(scenario.file, seed.checks)));
    }
  };
  if (open) fill();
  else details.addEventListener('toggle', fill, { once: true });
  return details;
}

function scenarioDetails(scenario, key, open) {
  const details = el('details', { class: 'scenario', id: key, open, 'data-name': scenario.name },
    el('summary', {}, badge(scenario.verdict), ' ', el('h2', { text: scenario.name }),
      el('span', { class: 'faint', text: '  ' + seedWords(scenario) })));
  const fill = () => {
    details.append(el('p', { text: scenario.about }),
      el('p', { class: 'faint' }, el('code', { text: scenario.file })));
    const shown = scenario.seeds.filter((seed) => seed.verdict !== 'pass' ||
      seed.recording || seed.live).sort(byVerdict).slice(0, MOST_SEEDS);
    // The others tell nearly the same.
    shown.forEach((seed, i) => details.append(seedDetails(scenario, seed, i === 0)));
    const others = scenario.seeds.filter((seed) => !shown.includes(seed));
    if (others.length === 0) return;
    details.append(fold(many(others.length, 'further seed'), () => el('div', { class: 'scroll' },
      table(['seed', '', 'heartbeats', 'alerts', 'digest'], others.map((seed) => [seed.seed,
        badge(seed.verdict), digits(seed.heartbeats), digits(seed.alerts),
        el('code', { text: seed.digest })]), ['number', '', 'number', 'number']))));
  };
  if (open) fill();
  else details.addEventListener('toggle', fill, { once: true });
  return details;
}

function seedWords(scenario) {
  const counts = WORST.map((verdict) => [verdict,
    scenario.seeds.filter((seed) => seed.verdict === verdict).length]).filter(([, n]) => n > 0);
  const all = many(scenario.seeds.length, 'seed');
  if (counts.length <= 1) return all;
  return `${all}: ${counts.map(([verdict, n]) => `${digits(n)} ${verdict}`).join(', ')}`;
}

const isCaught = (scenario) => scenario.verdict === 'pass' && scenario.seeds.some(canaryOf);
const caughtRules = (scenarios) => [...new Set(scenarios.flatMap((scenario) =>
  scenario.seeds.map(canaryOf).filter((check) => check && check.verdict === 'pass')
    .map(caughtBy)))].join(', ');

// Which rules and expectations did not hold, over all seeds.
function brokenWords(scenario) {
  if (isCaught(scenario)) return `${caughtRules([scenario])}, as it must`;
  const rules = new Set(scenario.seeds.flatMap(notPassed).map((check) => check.rule));
  return [...rules].join(', ');
}

function overview(scenarios, keys) {
  const sum = (scenario, name) => digits(scenario.seeds.reduce((n, seed) => n + seed[name], 0));
  const rows = scenarios.map((scenario) => [badge(scenario.verdict),
    el('a', { href: '#' + keys.get(scenario), text: scenario.name }), seedWords(scenario),
    brokenWords(scenario), sum(scenario, 'heartbeats'), sum(scenario, 'alerts')]);
  return table(['', 'scenario', 'seeds', 'did not hold', 'heartbeats', 'alerts'], rows,
    ['', '', '', '', 'number wide', 'number wide']);
}

// A check says what it is about, what was seen, and what should have been.
const checkWords = (check) => `${check.rule}: ${check.what}` +
  (check.value ? `: ${check.value}` : '') +
  (check.bound && check.bound !== 'never' ? ` (bound: ${check.bound})` : '');

// Of canaries it would be wrong to say that every rule held.
function passedHeadline(block, scenarios) {
  const canaries = scenarios.filter(isCaught);
  const failed = `${many(canaries.length, 'canary', 'canaries')} failed as ` +
    `${canaries.length === 1 ? 'it' : 'they'} must`;
  const others = scenarios.length - canaries.length;
  const say = (text) => block.append(el('p', { class: 'faint', text }));
  block.append(el('h1', { text: others === 0 && canaries.length > 0 ? failed
    : `${many(scenarios.length, 'scenario')} passed` }));
  if (others > 0) {
    const beats = scenarios.filter((each) => !canaries.includes(each))
      .flatMap((each) => each.seeds).reduce((n, seed) => n + seed.heartbeats, 0);
    say('Every rule and every expectation held' +
      (canaries.length > 0 ? ` in ${digits(others)} of them` : '') +
      `, over ${many(beats, 'heartbeat')} of virtual fleets.`);
  }
  if (canaries.length > 0) {
    say(`${others > 0 ? failed : 'Each was caught'} by the rule that it names: ` +
      `${caughtRules(canaries)}.`);
  }
}

// The verdict first, and under it the first thing that failed of each scenario.
function headline(scenarios, notRun) {
  const worst = scenarios.length > 0 ? scenarios[0].verdict : 'unknown';
  const bad = scenarios.filter((scenario) => scenario.verdict === worst);
  const block = el('header', { class: `headline ${worst}`, 'data-verdict': worst });
  if (worst === 'pass') {
    passedHeadline(block, scenarios);
    block.append(...notRunWords(notRun));
    return block;
  }
  block.append(el('h1', {
    text: `${digits(bad.length)} of ${many(scenarios.length, 'scenario')}: ${worst}` }));
  const list = el('ul', {});
  for (const scenario of bad.slice(0, 10)) {
    const seed = scenario.seeds.find((each) => each.verdict === worst);
    const check = notPassed(seed).find((each) => each.verdict === worst);
    list.append(el('li', {}, el('strong', { text: scenario.name }), `, seed ${seed.seed}` +
      (check ? `: ${checkWords(check)}` : '')));
  }
  if (bad.length > 10) list.append(el('li', { text: `and ${digits(bad.length - 10)} more` }));
  block.append(list, ...notRunWords(notRun));
  return block;
}

// How much there was still to come when all was stopped.
function notRunWords(notRun) {
  if (notRun.length === 0) return [];
  const seeds = notRun.reduce((sum, each) => sum + each.seeds, 0);
  return [el('p', { text: `Not run: ${many(seeds, 'seed')} of ` +
    `${many(notRun.length, 'scenario')}.` })];
}

function show(report) {
  const scenarios = [...report.scenarios].sort(byVerdict);
  const keys = new Map(scenarios.map((scenario, i) => [scenario, `scenario-${i + 1}`]));
  const page = document.getElementById('page');
  page.replaceChildren(headline(scenarios, report.not_run || []));
  if (scenarios.length > 1) page.append(overview(scenarios, keys));
  for (const scenario of scenarios) {
    page.append(scenarioDetails(scenario, keys.get(scenario),
      scenario.verdict !== 'pass' || scenarios.length === 1));
  }
  // A link into what is folded opens it.
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS') target.open = true;
  };
  addEventListener('hashchange', openTarget);
  openTarget();
  document.documentElement.dataset.shown = 'yes';
}

show(JSON.parse(document.getElementById('report').textContent));
