// SPDX-License-Identifier: MIT
// One recording by time. What is drawn carries the numbers that it stands for in data-*.

const BAND = 24;

const MOST_BANDS = 40;  // rows of the timeline

const QUEUE = ['waiting', 'in_flight', 'held'];
const TOLD = ['told_death', 'told_emergency', 'told_restart'];
const PANELS = [
  { title: 'Agents known', height: 110, areas: ['known'], lines: ['known', 'running'],
    legend: { known: 'known to the collector', running: 'processes that run' } },
  { title: 'Unhealthy', height: 80, areas: ['unhealthy'], lines: ['unhealthy'],
    legend: { unhealthy: 'silent for 2I and more' } },
  { title: 'Alerts told', height: 90, bars: TOLD, below: ['undelivered'],
    legend: { told_death: 'AGENT_DEATH', told_emergency: 'EMERGENCY_MODE',
      told_restart: 'RESTART_DETECTED', undelivered: 'below: posts that failed' } },
  { title: 'Alert queue, when longest', height: 80, stack: QUEUE,
    legend: { waiting: 'waiting', in_flight: 'in flight', held: 'held back' } },
  { title: 'Heartbeats', height: 70, lines: ['beats', 'beats_failed'],
    legend: { beats: 'accepted', beats_failed: 'given up' } },
];

const sumAt = (series, names, i) => names.reduce((sum, name) => sum + series[name][i], 0);
const mostOf = (series, names, last) => {
  let most = 0;
  for (const name of names) for (let i = 0; i < last; ++i) most = Math.max(most, series[name][i]);
  return most;
};

// The numbers up to there: finer ones where something happens than of the whole run.
const viewOf = (recording, until) =>
  until > recording.busy_ms && recording.whole ? recording.whole : recording;

// A level for each point, as steps: what holds from its begin to its end.
function steps(values, every, last, x, y) {
  let path = '';
  for (let i = 0; i < last; ++i) {
    const height = y(values(i)).toFixed(1);
    path += `${i === 0 ? 'M' : 'L'}${x(i * every).toFixed(1)},${height}` +
      `H${x(Math.min((i + 1) * every, x.to)).toFixed(1)}`;
  }
  return path;
}

function areaBetween(low, high, every, last, x, y) {
  let path = steps(high, every, last, x, y);
  for (let i = last - 1; i >= 0; --i) {
    const height = y(low(i)).toFixed(1);
    path += `L${x(Math.min((i + 1) * every, x.to)).toFixed(1)},${height}` +
      `H${x(i * every).toFixed(1)}`;
  }
  return path + 'Z';
}

function drawPanel(panel, top, view, x, width) {
  const { series, every_ms: every } = view;
  const last = Math.min(series.known.length, Math.ceil(x.to / every));
  const stacked = panel.bars || panel.stack;
  let most = mostOf(series, panel.lines || [], last);
  if (stacked) for (let i = 0; i < last; ++i) most = Math.max(most, sumAt(series, stacked, i));
  const below = panel.below ? mostOf(series, panel.below, last) : 0;
  const ticks = countTicks(-below, Math.max(most, 1), panel.height / 34);
  const y = scale(ticks[0], ticks[ticks.length - 1], top + panel.height, top + 4);
  const group = svg('g', { class: 'panel', 'data-panel': panel.title, 'data-top': y.to,
    'data-bottom': y.from, 'data-y-top': top + 4, 'data-y-bottom': top + panel.height });
  for (const tick of ticks) {
    group.append(svg('line', { class: tick === 0 ? 'axis' : 'grid', x1: GUTTER,
      x2: width - RIGHT, y1: y(tick), y2: y(tick) }));
    group.append(svg('text', { x: GUTTER - 5, y: y(tick) + 4, 'text-anchor': 'end',
      text: digits(Math.abs(tick)) }));
  }
  const add = (tag, kind, name, d) => group.append(svg(tag, { class: `${kind} ${name}`, d,
    'data-series': name, 'data-kind': kind, 'data-points': last,
    'data-total': series[name].slice(0, last).reduce((a, b) => a + b, 0) }));
  for (const name of panel.areas || []) {
    add('path', 'area', name, areaBetween(() => 0, (i) => series[name][i], every, last, x, y));
  }
  for (const name of panel.lines || []) {
    if (name === 'beats_failed' && mostOf(series, [name], last) === 0) continue;
    add('path', 'line', name, steps((i) => series[name][i], every, last, x, y));
  }
  (panel.stack || []).forEach((name, k) => {
    const low = panel.stack.slice(0, k);
    add('path', 'area', name, areaBetween((i) => sumAt(series, low, i),
      (i) => sumAt(series, low, i) + series[name][i], every, last, x, y));
  });
  const bar = (name, i, from, to) => {
    const wide = Math.max(2, x(every) - x(0) - 0.5);
    const left = Math.min(x(i * every), width - RIGHT - wide).toFixed(1);
    return `M${left},${y(from).toFixed(1)}V${y(to).toFixed(1)}h${wide.toFixed(1)}` +
      `V${y(from).toFixed(1)}Z`;
  };
  (panel.bars || []).forEach((name, k) => {
    const low = panel.bars.slice(0, k);
    let path = '';
    for (let i = 0; i < last; ++i) {
      const from = sumAt(series, low, i);
      if (series[name][i] > 0) path += bar(name, i, from, from + series[name][i]);
    }
    add('path', 'bar', name, path);
  });
  for (const name of panel.below || []) {
    let path = '';
    for (let i = 0; i < last; ++i) {
      if (series[name][i] > 0) path += bar(name, i, 0, -series[name][i]);
    }
    add('path', 'bar', name, path);
  }
  return group;
}

// One row an entry of the timeline: its name, and below it when it held or whom it met.
function bandRows(recording) {
  const rows = recording.timeline.map((band) => ({ ...band, name: band.id,
    about: band.what === band.id ? '' : band.what }));
  if (recording.absences.length > 0) {
    rows.unshift({ name: 'collector absent', about: 'as it turned out', whom: 'absence',
      stretches: recording.absences.map((each) => ({ ...each, agents: 0,
        what: each.what === 'down' ? 'not running' : 'standing still' })) });
  }
  const more = rows.length - MOST_BANDS;
  if (more <= 0) return rows;
  return [...rows.slice(0, MOST_BANDS), { more, stretches: [],
    name: `and ${digits(more)} more of the timeline` }];
}

// Its name and, if there is room, what it does to how many.
function bandName(row, top, width) {
  const total = row.agents || 0;
  const about = [row.about, total > 0 ? many(total, 'agent') : ''].filter(Boolean).join(', ');
  const room = width - RIGHT - GUTTER;
  const name = fitted(row.name, room);
  const left = room - widthOf(name + '  ');
  const text = svg('text', { class: 'name', x: GUTTER, y: top + 11, text: name });
  if (about && left > 40) {
    text.append(svg('tspan', { fill: 'var(--faint)', text: '  ' + fitted(about, left) }));
  }
  text.append(svg('title', { text: row.name + (about ? ', ' + about : '') }));
  return text;
}

function drawBands(rows, x, width, bottom) {
  const group = svg('g', { class: 'bands' });
  rows.forEach((row, k) => {
    const top = k * BAND;
    group.append(bandName(row, top, width));
    if (row.more) {
      group.lastChild.setAttribute('data-more', row.more);
      return;
    }
    group.append(svg('line', { class: 'track', x1: GUTTER, x2: width - RIGHT, y1: top + 18,
      y2: top + 18 }));
    for (const each of row.stretches) {
      if (each.from_ms > x.to) continue;
      const left = x(each.from_ms);
      const wide = Math.max(3, x(Math.min(each.to_ms, x.to)) - left);
      const words = `${row.name}${row.about ? ' (' + row.about + ')' : ''}: ` +
        clock(each.from_ms) + (each.to_ms > each.from_ms ? ' to ' + clock(each.to_ms) : '') +
        (each.agents > 0 ? ', ' + many(each.agents, 'agent') : '') +
        (each.what ? ', ' + each.what : '');
      group.append(svg('rect', { class: `band ${row.whom}`, x: left, y: top + 14, width: wide,
        height: 8, rx: 2, 'data-band': row.name, 'data-from': each.from_ms,
        'data-to': each.to_ms, 'data-agents': each.agents }, svg('title', { text: words })));
      if (each.to_ms > each.from_ms) {
        group.prepend(svg('rect', { class: `shade ${row.whom}`, x: left, width: wide,
          y: top + 22, height: bottom - top - 22 }));
      }
    }
  });
  return group;
}

// What the colours of the bands and the lines across the panels mean, of those that are drawn.
function timesLegend(seed, until) {
  const { timeline, absences, healed_ms: healed } = seed.recording;
  const sign = (...shapes) =>
    svg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, ...shapes);
  const bar = (kind) => sign(svg('rect', { class: `shade ${kind}`, width: 14, height: 14 }),
    svg('rect', { class: `band ${kind}`, y: 4, width: 14, height: 6, rx: 2 }));
  const line = (kind) => sign(svg('line', { class: kind, x1: 7, x2: 7, y1: 0, y2: 14 }));
  const meets = (whom) => timeline.some((band) => band.whom === whom);
  const items = [];
  const item = (shown, picture, words) => {
    if (shown) items.push(el('li', {}, picture, words));
  };
  item(meets('agents'), bar('agents'), 'the timeline acts on agents');
  item(meets('station'), bar('station'), 'on the Station');
  item(meets('collector'), bar('collector'), 'on the collector');
  item(absences.length > 0, bar('absence'), 'the collector did not run, or stood still');
  item(items.length > 0, sign(), 'shaded as long as it lasts');
  item(healed < until, line('healed'), 'from here on all faults are over');
  item(seed.checks.some((check) => check.at_ms <= until), line('broken-at'), 'a rule is broken');
  return el('ul', { class: 'legend times-legend' }, ...items);
}

const headOf = (legend) => 18 + (legend.beside ? 0 : 14 * legend.lines.length);

function drawTimes(seed, until, width, say) {
  const recording = seed.recording;
  const view = viewOf(recording, until);
  const { series, every_ms: every } = view;
  const rows = bandRows(recording);
  const last = Math.min(series.known.length, Math.ceil(until / every));
  // What stayed empty all along would only push down what did not.
  const panels = PANELS.filter((panel, k) => k === 0 ||
    mostOf(series, Object.keys(panel.legend), last) > 0);
  const x = scale(0, until, GUTTER, width - RIGHT);
  let top = rows.length * BAND + 8;
  const legends = panels.map((panel) => legendOf(panel, series, last, width));
  const tops = panels.map((panel, k) => {
    const at = top;
    top += headOf(legends[k]) + panel.height;
    return at;
  });
  const height = top + 22;
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img',
    class: 'times', 'data-until': until, 'data-every': every, 'data-x-from': GUTTER,
    'data-x-to': width - RIGHT },
    svg('title', { text: 'The run by time' }),
    svg('desc', { text: 'What the timeline did, agents known and unhealthy, alerts told, the ' +
      'queue and heartbeats. The same numbers stand in the table below.' }));
  picture.append(drawBands(rows, x, width, top));
  panels.forEach((panel, k) => {
    picture.append(svg('text', { class: 'title', x: GUTTER, y: tops[k] + 15, text: panel.title }),
      drawLegend(panel, legends[k], width, tops[k]),
      drawPanel(panel, tops[k] + headOf(legends[k]), view, x, width));
  });
  picture.append(timeAxis(x, top, width));
  const down = (at, name, extra) => svg('line', { class: name, x1: x(at), x2: x(at), y1: 0,
    y2: top, ...extra });
  if (recording.healed_ms < until) {
    picture.append(svg('g', {}, svg('title', { text: 'from here on all faults are over' }),
      down(recording.healed_ms, 'healed')));
  }
  const said = new Set();
  for (const check of seed.checks) {
    if (check.at_ms === undefined || check.at_ms > until) continue;
    // A canary says by which rule it was caught.
    const rule = check.rule === 'fails' ? check.value.split(':')[0] : check.rule;
    picture.append(svg('g', {}, svg('title', { text: `${rule}, ${clock(check.at_ms)}` }),
      down(check.at_ms, 'broken-at', { 'data-rule': check.rule, 'data-at': check.at_ms })));
    const place = Math.round(x(check.at_ms) / 40);
    if (said.has(place)) continue;
    said.add(place);
    picture.append(svg('text', { class: 'at', x: Math.min(x(check.at_ms) + 4, width - 34),
      y: top - 4, text: rule }));
  }
  const cursor = svg('line', { class: 'cursor', y1: 0, y2: top, visibility: 'hidden' });
  picture.append(cursor);
  picture.addEventListener('pointermove', (event) => {
    const box = picture.getBoundingClientRect();
    const at = x.invert((event.clientX - box.left) * width / box.width);
    const i = Math.floor(at / every);
    const inside = at >= 0 && i < last;
    cursor.setAttribute('visibility', inside ? 'visible' : 'hidden');
    cursor.setAttribute('x1', x(at));
    cursor.setAttribute('x2', x(at));
    const words = panels.flatMap((panel) => Object.keys(panel.legend))
      .filter((name) => inside && series[name][i] > 0)
      .map((name) => `${name} ${digits(series[name][i])}`);
    say(inside ? `${clock(i * every)}  ${words.join('  ')}` : '');
  });
  picture.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden');
    say('');
  });
  return picture;
}

// What a panel shows, in lines that fit: one beside the title if it does, else some below it.
function legendOf(panel, series, last, width) {
  const names = Object.keys(panel.legend).filter((name) => mostOf(series, [name], last) > 0);
  if (panel.lines && panel.lines.length === 1) return { lines: [], beside: true };
  const items = names.map((name) => ({ name, words: panel.legend[name],
    wide: widthOf(panel.legend[name]) + 25 }));
  const room = width - RIGHT - GUTTER;
  const whole = items.reduce((sum, item) => sum + item.wide, 0);
  if (whole + widthOf(panel.title) * 1.15 + 16 <= room) return { lines: [items], beside: true };
  const lines = [];
  let left = 0;
  for (const item of items) {
    if (lines.length === 0 || item.wide > left) {
      lines.push([]);
      left = room;
    }
    lines[lines.length - 1].push(item);
    left -= item.wide;
  }
  return { lines, beside: false };
}

function drawLegend(panel, legend, width, top) {
  const group = svg('g', { class: 'panel-legend' });
  const kind = panel.bars ? 'bar' : panel.stack ? 'area' : 'line';
  legend.lines.forEach((line, k) => {
    const wide = line.reduce((sum, item) => sum + item.wide, 0);
    const y = top + 15 + (legend.beside ? 0 : 14 * (k + 1));
    let left = legend.beside ? width - RIGHT - wide + 8 : GUTTER;
    for (const { name, words, wide: own } of line) {
      group.append(kind === 'line'
        ? svg('path', { class: `line ${name}`, d: `M${left},${y - 4}h10` })
        : svg('rect', { class: `${kind} ${name}`, x: left, y: y - 8, width: 9, height: 9 }),
      svg('text', { x: left + 13, y, text: words }));
      left += own;
    }
  });
  return group;
}
