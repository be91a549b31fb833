// SPDX-License-Identifier: MIT
// What `papsim load` measured: how it went, how long heartbeats took, and the run by time.

const MOST_POINTS = 600;  // of one curve; more would fall onto the same pixels

function loadHeadline({ verdict, agents, live, target, mode_mix: mix, connections }) {
  const [symbol, words] = VERDICTS[verdict] || VERDICTS.unknown;
  const sums = live ? [['planned', live.planned], ['sent', live.sent],
    ['answered', live.ends && live.ends.answered], ['accepted', live.accepted]] : [];
  const how = [target, mix, connections && `connections: ${connections}`].filter(has).join(', ');
  return el('header', { class: `headline ${verdict}`, 'data-verdict': verdict },
    el('h1', {}, el('span', { 'aria-hidden': 'true', text: symbol + ' ' }),
      has(agents) ? `${words}: ${many(agents, 'agent')}` : words),
    sums.length > 0 ? el('p', { text: 'Heartbeats: ' + sums.filter(([, n]) => has(n))
      .map(([name, n]) => `${digits(n)} ${name}`).join(', ') }) : null,
    el('p', { class: 'faint', text: how }));
}

function brokenChecks(checks) {
  const fact = (name, value, kind) => has(value) ? el('div', { class: kind },
    el('dt', { text: name }), el('dd', { text: value })) : null;
  return section('What did not pass', ...checks.map((check) => {
    const [symbol, words] = VERDICTS[check.verdict] || VERDICTS.unknown;
    return el('article', { class: `broken ${check.verdict}`, 'data-rule': check.rule },
      el('h3', {}, el('span', { class: `badge ${check.verdict}`, text: `${symbol} ${words}` }),
        ` ${check.rule}: ${check.what}`),
      el('dl', { class: 'facts' }, fact('value', check.value, 'value'),
        fact('bound', check.bound, 'bound')));
  }));
}

const PERCENTILES = [['p50', 'p50'], ['p90', 'p90'], ['p99', 'p99'], ['p99.9', 'p999'],
  ['p99.99', 'p9999'], ['max', 'max']];

function latencyTable(live) {
  const rows = [['answer: from the planned moment', live.answer_us],
    ['exchange: from the sending', live.exchange_us], ['own lag', live.send_lag_us]]
    .filter(([, times]) => measuredTimes(times));
  if (rows.length === 0) return null;
  return section('How long heartbeats took',
    scroller('Latencies', 'times-table', table(['', ...PERCENTILES.map(([word]) => word)],
      rows.map(([name, times]) => [name, ...PERCENTILES.map(([, key]) =>
        has(times[key]) ? msWord(times[key]) : NONE)]),
      ['', ...PERCENTILES.map(() => 'number')])),
    el('p', { class: 'faint', text: 'The answer counts from the moment at which the heartbeat ' +
      'was due, so that a collector that keeps the next one waiting pays for it. The own lag is ' +
      'how late papsim itself sent.' }));
}

// Beside each number its share of what was sent.
function failureTable(title, heads, counts, sent) {
  if (counts.length === 0) return null;
  return el('div', { class: 'narrow', 'data-table': title }, table([...heads, 'count', 'share'],
    counts.map(([name, count]) => [name, digits(count),
      sent > 0 ? `${(count / sent * 100).toPrecision(2)} %` : NONE]), ['', 'number', 'number']));
}

function failures(live) {
  if (!live.ends && !live.statuses) return null;
  const some = (counts, fine) => Object.entries(counts || {}).filter(([name, count]) =>
    count > 0 && !fine(name));
  const ends = some(live.ends, (name) => name === 'answered')
    .map(([name, count]) => [name.replace(/_/g, ' '), count]);
  const statuses = some(live.statuses, (name) => name >= 200 && name < 300);
  return section('Failures', ends.length + statuses.length === 0
    ? el('p', { text: live.ends && live.statuses
      ? 'None: every heartbeat that was sent was answered, each with a 2xx.' : 'None.' })
    : el('div', { class: 'pair' },
      failureTable('ends', ['no answer'], ends, live.sent),
      failureTable('statuses', ['answered with'], statuses, live.sent)));
}

// Of all seconds at most MOST_POINTS points. Percentiles of seconds make no percentile of a
// stretch, so that a latency is that of its worst second, and memory too; all else is of the whole
// stretch.
function pointsOf(seconds) {
  const { at_ms: first } = seconds[0];
  const span = seconds[seconds.length - 1].at_ms - first;
  const every = TIME_STEPS.find((step) => step >= SECOND && span / step < MOST_POINTS) ||
    Math.ceil(span / MOST_POINTS / SECOND + 1) * SECOND;
  const stretches = new Map();
  for (const second of seconds) {
    const key = Math.floor((second.at_ms - first) / every);
    if (!stretches.has(key)) stretches.set(key, []);
    stretches.get(key).push(second);
  }
  let before = null;  // the last reading of the collector's CPU
  return { every, points: [...stretches.values()].map((stretch) => {
    const values = (name) => stretch.map((second) => second[name]).filter(has);
    const sum = (name) => values(name).reduce((a, b) => a + b, 0);
    const worst = (name) => values(name).reduce((a, b) => a === undefined || b > a ? b : a,
      undefined);
    const rate = (name) => values(name).length > 0 ? sum(name) / values(name).length : undefined;
    // A latency of a second without answers is none.
    const latency = (name) => worst(name) > 0 ? worst(name) : undefined;
    const readings = stretch.filter((second) => has(second.collector_cpu_ms));
    const now = readings[readings.length - 1];
    const from = before || readings[0];
    const used = now && now !== from ? now.collector_cpu_ms - from.collector_cpu_ms : -1;
    before = now || before;
    return { at: stretch[stretch.length - 1].at_ms, planned: rate('planned'),
      accepted: rate('accepted'), failed: sum('failed'), p50: latency('answer_p50_us'),
      p99: latency('answer_p99_us'), resident: worst('collector_resident_bytes'),
      // Of a new process the count begins anew.
      cpu: used >= 0 ? used / (now.at_ms - from.at_ms) * 100 : undefined };
  }) };
}

function timeCharts(points) {
  const line = (name, words, look, word, factor = 1) => ({ name, words, look, word,
    points: points.map((point) => ({ at: point.at,
      value: has(point[name]) ? point[name] * factor : undefined })) });
  const count = (value) => digits(Math.round(value));
  const mib = (value) => value.toFixed(1) + ' MiB';
  const x = { time: true };
  return [
    { name: 'rate', title: 'Heartbeats a second', height: 150, x, y: { word: count },
      about: 'Heartbeats that were planned and that were accepted, a second, over the run.',
      lines: [line('accepted', 'accepted', 'low', rateWord),
        line('planned', 'planned', 'planned', rateWord)] },
    { name: 'latency', title: 'Answer after the planned moment', height: 190, x,
      y: { log: true, word: usWord },
      about: 'Median and 99th percentile of the answer times over the run, on a log scale.',
      lines: [line('p50', 'p50', 'low', msWord), line('p99', 'p99', 'high', msWord)] },
    { name: 'failures', title: 'Heartbeats that failed', height: 110, x, y: { word: count },
      about: 'Heartbeats that failed, over the run.', lines: [],
      bars: [line('failed', 'failed', 'failures', count)] },
    { name: 'memory', title: 'Memory of the collector, MiB', height: 130, x, y: { word: count },
      about: 'Resident memory of the collector over the run.',
      lines: [line('resident', 'memory', 'low', mib, 1 / 1048576)] },
    { name: 'cpu', title: 'CPU of the collector, % of a core', height: 130, x,
      y: { word: count }, about: 'Share of one core that the collector used, over the run.',
      lines: [line('cpu', 'CPU', 'low', percent)] },
  ];
}

function pointsTable(points) {
  const columns = [['planned', 'planned /s', rateWord], ['accepted', 'accepted /s', rateWord],
    ['failed', 'failed', digits], ['p50', 'p50', msWord], ['p99', 'p99', msWord],
    ['resident', 'memory', bytesWord], ['cpu', 'CPU', percent]]
    .filter(([name]) => points.some((point) => has(point[name])));
  return scroller('The run by time', 'times-table',
    table(['at', ...columns.map(([, head]) => head)], points.map((point) => [clock(point.at),
      ...columns.map(([name, , word]) => has(point[name]) ? word(point[name]) : NONE)]),
    ['number', ...columns.map(() => 'number')]));
}

function byTime(seconds) {
  const { every, points } = pointsOf(seconds);
  return section('By time',
    el('p', { class: 'faint', text: every === SECOND ? 'A point is one second.'
      : `A point is ${clock(every)}: the mean of rates and CPU, the sum of failures, and the ` +
        'worst second of latencies and memory.' }),
    ...timeCharts(points).map(chartFigure),
    fold('The numbers as a table', () => pointsTable(points)));
}

function loadPage(measured) {
  const { checks = [], live, seconds = [], machine } = measured;
  return [loadHeadline(measured), checks.length > 0 ? brokenChecks(checks) : null,
    live ? latencyTable(live) : null, live ? failures(live) : null,
    seconds.length > 0 ? byTime(seconds) : null,
    factSection('How it was measured', [['collector at', measured.target],
      ['agents', has(measured.agents) ? digits(measured.agents) : ''],
      ['modes', measured.mode_mix], ['connections', measured.connections],
      ['machine', machine && machineWords(machine)], ['papsim', machine && machine.papsim]])];
}
