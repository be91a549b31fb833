// SPDX-License-Identifier: MIT
// What `papsim capacity` found: how many agents a collector holds, what limits it, and every trial.

// What a trial has to keep, drawn as a line.
const boundLine = (at, words) => has(at) ? [{ at, words: words(at) }] : [];
const knownNumber = (value, word) => has(value) ? word(value) : NONE;
const bracketWidth = ({ held, failed }) => percent((failed - held) / held * 100);

function capacityHeadline(measured) {
  const { agents, heartbeats_per_second: rate, quick, whole, limited_by: limit } = measured;
  const words = agents > 0 ? `This collector holds ${many(agents, 'agent')}` +
    (has(rate) ? ` (${many(Math.round(rate), 'heartbeat')} a second)` : '')
    : 'No number of agents was found that this collector holds';
  const rough = [quick ? 'rough: --quick' : '', whole === false ? 'stopped before its end' : '']
    .filter(has);
  const verdict = rough.length > 0 ? 'unknown' : agents > 0 ? 'pass' : 'fail';
  return el('header', { class: `headline ${verdict}`, 'data-agents': agents },
    el('h1', { text: words }),
    rough.length > 0 ? el('p', { class: 'rough', text: '⚠ ' + rough.join('; ') }) : null,
    has(limit) ? el('p', { text: `Limited by: ${limit}` }) : null,
    el('p', { class: 'faint', text: [measured.collector, measured.target, measured.mode_mix,
      has(measured.connections) ? `connections: ${measured.connections}` : '']
      .filter(has).join(', ') }));
}

// Calm and each incident; the least of them is the figure.
function heldTable({ agents, bracket, incidents = [] }) {
  const rows = [];
  if (bracket) rows.push({ name: 'calm', agents: bracket.held });
  rows.push(...incidents);
  if (rows.length === 0) return null;
  const least = rows.find((row) => has(row.agents) && row.agents === agents);
  return section('What it held', el('div', { class: 'narrow', 'data-table': 'held' },
    table(['', 'agents', ''], rows.map((row) => [row.name, knownNumber(row.agents, digits),
      has(row.not_tested) ? `not tested: ${row.not_tested}`
        : row === least && rows.length > 1 ? '← the least, and so the figure' : '']),
    ['', 'number', ''])));
}

function trialCharts({ trials, bracket, quota, bounds = {} }) {
  const search = trials.filter((trial) => trial.phase === 'search')
    .sort((a, b) => a.agents - b.agents);
  const line = (name, words, look, word, read) => ({ name, words, look, word,
    points: search.map((trial) => ({ at: trial.agents, value: read(trial),
      outcome: trial.outcome, why: trial.why })) });
  const answer = (key) => ({ answer_us: times }) => measuredTimes(times) ? times[key] : undefined;
  const mib = (bytes) => has(bytes) ? bytes / 1048576 : undefined;
  const most = search.reduce((sum, trial) => Math.max(sum, trial.resident_bytes || 0), 0);
  const limit = quota && quota.memory_bytes;
  return [
    { name: 'latency', title: 'Answer after the planned moment, by agents', height: 300, x: {},
      y: { log: true, word: usWord }, bracket,
      about: 'Median, 99th and 99.9th percentile of the answer times over the number of agents, ' +
        'on a log scale. Crosses are trials that failed. The numbers stand in the table of all ' +
        'trials.',
      bounds: boundLine(bounds.answer_p99_us, (at) => `bound of p99: ${usWord(at)}`),
      lines: [line('p50', 'p50', 'low', msWord, answer('p50')),
        line('p99', 'p99', 'high', msWord, answer('p99')),
        line('p999', 'p99.9', 'tail', msWord, answer('p999'))] },
    { name: 'cpu', title: 'CPU, % of the quota', height: 190, x: {}, y: { word: digits }, bracket,
      about: 'Share of its CPU quota that the collector used, over the number of agents.',
      bounds: boundLine(bounds.cpu_percent, (at) => `bound: ${at} %`),
      lines: [line('cpu', 'CPU', 'low', percent, (trial) => trial.cpu_percent_of_quota)] },
    { name: 'memory', title: 'Memory, MiB', height: 190, x: {}, y: { word: digits }, bracket,
      about: 'Resident memory of the collector, over the number of agents.',
      // A quota far away would only press the curve flat.
      bounds: limit && most > limit / 4
        ? [{ at: limit / 1048576, words: `quota: ${bytesWord(limit)}` }] : [],
      lines: [line('memory', 'memory', 'low', (value) => value.toFixed(1) + ' MiB',
        (trial) => mib(trial.resident_bytes))] },
  ].map(chartFigure);
}

function curves(measured) {
  const [latency, ...others] = trialCharts(measured);
  const below = others.filter(Boolean);
  if (!latency && below.length === 0) return null;
  return section('Where it bends', latency,
    below.length > 0 ? el('div', { class: 'pair' }, ...below) : null);
}

// Columns: a head, a class and the words; one of which no trial has a word is left out.
const us = (times, key) => (trial) =>
  measuredTimes(trial[times]) && has(trial[times][key]) ? msWord(trial[times][key]) : '';
const beat = (name) => (trial) => has(trial[name]) ? trial[name].toFixed(1) + ' µs' : '';
const TRIAL_COLUMNS = [
  ['phase', 'phase', (trial) => has(trial.name) ? `${trial.phase}: ${trial.name}` : trial.phase],
  ['agents', 'number', (trial) => has(trial.agents) ? digits(trial.agents) : ''],
  ['rate /s', 'number', (trial) => has(trial.rate) ? rateWord(trial.rate) : ''],
  ['outcome', 'keep', (trial) => trial.outcome],
  ['why', 'why', (trial) => trial.why],
  ['p50', 'number', us('answer_us', 'p50')],
  ['p99', 'number', us('answer_us', 'p99')],
  ['p99.9', 'number', us('answer_us', 'p999')],
  ['own lag p99', 'number', us('send_lag_us', 'p99')],
  ['CPU of quota', 'number', (trial) => has(trial.cpu_percent_of_quota)
    ? percent(trial.cpu_percent_of_quota) : ''],
  ['memory', 'number', (trial) => has(trial.resident_bytes) ? bytesWord(trial.resident_bytes)
    : ''],
  ['CPU a heartbeat', 'number', beat('cpu_us_per_beat')],
  ['generator’s CPU', 'number', beat('generator_cpu_us_per_beat')],
];

function trialsTable(trials) {
  const columns = TRIAL_COLUMNS.filter(([, , words]) => trials.some((trial) => has(words(trial))));
  const cell = (trial, [head, , words]) => {
    if (head === 'outcome') return el('span', {}, outcomeSign(trial.outcome), trial.outcome);
    return has(words(trial)) ? words(trial) : head === 'why' ? '' : NONE;
  };
  return section('All trials', scroller('All trials', 'trials',
    table(columns.map(([head]) => head), trials.map((trial) =>
      columns.map((column) => cell(trial, column))), columns.map(([, kind]) => kind))));
}

function quotaWords({ cpu_millicores: cpu, memory_bytes: memory, by }) {
  const limits = [cpu > 0 ? `${digits(cpu)} millicores of CPU` : '',
    memory > 0 ? `${bytesWord(memory)} of memory` : ''].filter(has).join(', ');
  if (!has(by)) return limits;
  if (by === 'none' && limits === '') return 'none';
  return [limits, by === 'none' ? 'kept by nothing' : `kept by ${by}`].filter(has).join('; ');
}

function capacityFacts(measured) {
  const { bracket, machine, quota, generator } = measured;
  const ceiling = generator && [has(generator.ceiling_per_second)
    ? `${digits(Math.round(generator.ceiling_per_second))} heartbeats a second` : '',
  has(generator.cpu_us_per_beat) ? `${generator.cpu_us_per_beat.toFixed(1)} µs of CPU a heartbeat`
    : ''].filter(has).join(', ');
  return factSection('Facts', [
    ['bracket', bracket && (bracket.failed > 0
      ? `held ${digits(bracket.held)}, failed ${digits(bracket.failed)}` +
        (bracket.held > 0 ? `: ${bracketWidth(bracket)} wide` : '')
      : `held ${digits(bracket.held)}, and no more was tried`)],
    ['memory an agent', has(measured.bytes_per_agent) ? bytesWord(measured.bytes_per_agent) : ''],
    ['CPU a heartbeat', has(measured.cpu_us_per_beat)
      ? `${measured.cpu_us_per_beat.toFixed(1)} µs` : ''],
    ['generator’s ceiling', ceiling],
    ['quota', quota && quotaWords(quota)],
    ['machine', machine && machineWords(machine)],
    ['collector', [measured.collector, measured.target].filter(has).join(', ')],
    ['papsim', machine && machine.papsim],
    ['story hash', measured.story_hash],
    ['modes', measured.mode_mix],
    ['connections', measured.connections]]);
}

function capacityPage(measured) {
  const { trials = [], not_tested: untested = [] } = measured;
  return [capacityHeadline(measured), heldTable(measured),
    trials.length > 0 ? curves({ ...measured, trials }) : null,
    trials.length > 0 ? trialsTable(trials) : null, capacityFacts(measured),
    untested.length > 0 ? section('What was not tested', el('ul', { class: 'untested' },
      ...untested.map((each) => el('li', { text: each })))) : null];
}
