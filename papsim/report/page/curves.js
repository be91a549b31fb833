// SPDX-License-Identifier: MIT
// Curves over time or over numbers of agents. What is drawn carries the numbers that it stands for
// in data-*.
//
// A chart: {name, title, about, height, x, y, lines, bars, bounds, bracket}
//   x        {time: true}, or else numbers of agents
//   y        {log, word}: word(value) beside the axis
//   lines    [{name, look, words, points: [{at, value, outcome, why}]}]; no value leaves a gap
//   bars     the same, from 0
//   bounds   [{at, words}]: levels that may not be passed
//   bracket  {held, failed}: numbers of agents between which the limit lies

// Equal ratios are equal distances. What lies below its begin, 0 too, is put there.
function logScale(from, to, low, high) {
  const powers = scale(Math.log10(from), Math.log10(to), low, high);
  const map = (value) => powers(Math.log10(Math.max(value, from)));
  map.from = from;
  map.to = to;
  map.invert = (pixel) => 10 ** powers.invert(pixel);
  return map;
}

// The next of 1, 2, 5, 10, 20 … that is not above, or not below.
function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [10, 5, 2, 1].find((m) => m * power <= value * 1.0001) * power;
}
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((m) => m * power >= value * 0.9999) * power;
}

// As many round numbers as fit: decades, or 1, 2, 5 of each, or more; within a part of one decade,
// even steps.
function logTicks(from, to, most) {
  let ticks = [];
  for (const digitsOf of [[1], [1, 2, 5], [1, 2, 3, 5, 7]]) {
    const more = [];
    for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
      more.push(...digitsOf.map((m) => m * power));
    }
    const inside = more.filter((at) => at >= from * 0.9999 && at <= to * 1.0001);
    if (ticks.length > 1 && inside.length > most) break;
    ticks = inside;
  }
  if (ticks.length > 2) return ticks;
  return countTicks(from, to, Math.max(2, most / 2)).filter((at) => at >= from && at <= to);
}

// Shapes as well as colours, for those who cannot tell these apart.
const OUTCOMES = {
  held: { words: 'held', shape: (x, y) => `M${x - 4},${y}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0Z` },
  failed: { words: 'failed', shape: (x, y) => `M${x - 4},${y - 4}l8,8m0,-8l-8,8` },
  invalid: { words: 'invalid', shape: (x, y) => `M${x},${y - 5}l5,9h-10Z` },
};
const outcomeSign = (outcome) => svg('svg', { class: 'sign', viewBox: '0 0 14 14',
  'aria-hidden': 'true' }, svg('path', { class: `trial plain ${outcome}`,
  d: (OUTCOMES[outcome] || OUTCOMES.invalid).shape(7, 7) }));

const known = (point) => point.value !== undefined && point.value !== null;
// What an invalid trial measured says nothing of the collector: it has a mark, and no line to it.
const counts = (point) => known(point) && point.outcome !== 'invalid';
const seriesOf = (chart) => [...chart.lines, ...(chart.bars || [])];

function scaleOfValues(chart, bottom, top) {
  const values = seriesOf(chart).flatMap((line) => line.points.filter(known))
    .map((point) => point.value).concat((chart.bounds || []).map((bound) => bound.at));
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  if (!chart.y.log) {
    const ticks = countTicks(0, Math.max(most, 1), (bottom - top) / 34);
    return { y: scale(0, ticks[ticks.length - 1], bottom, top), ticks };
  }
  const positive = values.filter((value) => value > 0);
  const least = positive.reduce((a, b) => Math.min(a, b), positive[0] || 1);
  const from = roundDown(least);
  const to = Math.max(roundUp(Math.max(most, least)), from * 2);
  return { y: logScale(from, to, bottom, top), ticks: logTicks(from, to, (bottom - top) / 22) };
}

function scaleOfPlaces(chart, width) {
  const places = seriesOf(chart).flatMap((line) => line.points.map((point) => point.at));
  const most = places.reduce((a, b) => Math.max(a, b), 1);
  if (chart.x.time) return scale(0, most, GUTTER, width - RIGHT);
  return scale(0, most * 1.03, GUTTER, width - RIGHT);
}

function agentsAxis(x, y, width) {
  const axis = svg('g', { class: 'agents-axis' });
  axis.append(svg('line', { class: 'axis', x1: GUTTER, x2: width - RIGHT, y1: y, y2: y }));
  let free = 0;  // words begin no further left
  for (const at of countTicks(x.from, x.to, width / 90).filter((each) => each <= x.to)) {
    const words = digits(at);
    axis.append(svg('line', { class: 'axis', x1: x(at), x2: x(at), y1: y, y2: y + 4 }));
    const half = widthOf(words) / 2;
    const middle = Math.min(x(at), width - half);
    if (middle - half < free) continue;
    free = middle + half + 8;
    axis.append(svg('text', { x: middle, y: y + 15, 'text-anchor': 'middle', text: words }));
  }
  return axis;
}

function drawLine(line, x, y) {
  const group = svg('g', {});
  let path = '';
  let count = 0;
  let step = 'M';
  for (const point of line.points) {
    if (!counts(point)) {
      if (!known(point)) step = 'M';
      continue;
    }
    // A point between two gaps would else be no line at all.
    path += `${step}${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}` +
      (step === 'M' ? 'h0' : '');
    step = 'L';
    ++count;
  }
  group.append(svg('path', { class: `line ${line.look}`, d: path, 'data-series': line.name,
    'data-points': count }));
  for (const point of line.points.filter((each) => each.outcome && known(each))) {
    const look = OUTCOMES[point.outcome] || OUTCOMES.invalid;
    const cx = x(point.at);
    const cy = y(point.value);
    group.append(svg('path', { class: `trial ${line.look} ${point.outcome}`,
      d: look.shape(+cx.toFixed(1), +cy.toFixed(1)), 'data-series': line.name,
      'data-at': point.at, 'data-value': point.value, 'data-outcome': point.outcome,
      'data-x': cx, 'data-y': cy }, svg('title', { text: `${many(point.at, 'agent')}, ` +
        `${look.words}: ${line.words} ${line.word(point.value)}` +
        (point.why ? ` (${point.why})` : '') })));
  }
  return group;
}

function drawBars(line, x, y, width) {
  const wide = Math.max(2, Math.min(12, (width - GUTTER) / line.points.length - 1));
  const bars = line.points.filter((point) => point.value > 0);
  const path = bars.map((point) => {
    const left = Math.min(x(point.at) - wide / 2, width - RIGHT - wide);
    return `M${left.toFixed(1)},${y(0).toFixed(1)}V${y(point.value).toFixed(1)}` +
      `h${wide.toFixed(1)}V${y(0).toFixed(1)}Z`;
  }).join('');
  return svg('path', { class: `bar ${line.look}`, d: path, 'data-series': line.name,
    'data-points': bars.length, 'data-total': bars.reduce((sum, point) => sum + point.value, 0) });
}

function drawBracket({ held, failed }, x, top, bottom, width) {
  const group = svg('g', { 'data-held': held, 'data-failed': failed });
  const edge = (at) => svg('line', { class: 'bracket-edge', x1: x(at), x2: x(at), y1: top,
    y2: bottom });
  const inside = (at) => at >= x.from && at <= x.to;
  if (inside(held) && inside(failed)) {
    group.append(svg('rect', { class: 'bracket', x: x(held), y: top, height: bottom - top,
      width: Math.max(1, x(failed) - x(held)) }), edge(failed));
  }
  if (inside(held)) {
    const words = `held: ${digits(held)}`;
    const left = x(held) - widthOf(words) - 6 > GUTTER;
    group.append(edge(held), svg('text', { class: 'bracket-name', y: top + 10, text: words,
      x: left ? x(held) - 4 : Math.min(x(held) + 4, width - RIGHT - widthOf(words)),
      'text-anchor': left ? 'end' : 'start' }));
  }
  return group;
}

// The words of what was measured next to a place.
function wordsNear(chart, x, pixel) {
  const places = [...new Set(seriesOf(chart).flatMap((line) =>
    line.points.filter(known).map((point) => point.at)))];
  if (places.length === 0) return null;
  const at = places.reduce((a, b) => Math.abs(x(b) - pixel) < Math.abs(x(a) - pixel) ? b : a);
  const words = seriesOf(chart).flatMap((line) => line.points
    .filter((point) => point.at === at && known(point))
    .map((point) => `${line.words} ${line.word(point.value)}` +
      (point.outcome && point.outcome !== 'held' ? ` ${point.outcome}` : '')));
  return { at, words: `${chart.x.time ? clock(at) : many(at, 'agent')}:  ${words.join('  ')}` };
}

function drawChart(chart, width, say) {
  const top = 6;
  const bottom = chart.height - 22;
  const { y, ticks } = scaleOfValues(chart, bottom, top);
  const x = scaleOfPlaces(chart, width);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${chart.height}`, width,
    height: chart.height, role: 'img', class: 'curves', 'data-log': chart.y.log || null,
    'data-low': y.from, 'data-high': y.to, 'data-y-low': bottom, 'data-y-high': top },
    svg('title', { text: chart.title }), svg('desc', { text: chart.about }));
  for (const tick of ticks) {
    picture.append(svg('line', { class: 'grid', x1: GUTTER, x2: width - RIGHT, y1: y(tick),
      y2: y(tick) }), svg('text', { x: GUTTER - 5, y: y(tick) + 4, 'text-anchor': 'end',
      text: chart.y.word(tick) }));
  }
  if (chart.bracket) picture.append(drawBracket(chart.bracket, x, top, bottom, width));
  for (const bound of chart.bounds || []) {
    picture.append(svg('line', { class: 'bound', x1: GUTTER, x2: width - RIGHT, y1: y(bound.at),
      y2: y(bound.at), 'data-bound': bound.at }), svg('text', { class: 'bound-name',
      x: GUTTER + 4, y: y(bound.at) - 4, text: bound.words }));
  }
  for (const line of chart.bars || []) picture.append(drawBars(line, x, y, width));
  for (const line of chart.lines) picture.append(drawLine(line, x, y));
  picture.append(chart.x.time ? timeAxis(x, bottom, width) : agentsAxis(x, bottom, width));
  const cursor = svg('line', { class: 'cursor', y1: top, y2: bottom, visibility: 'hidden' });
  picture.append(cursor);
  picture.addEventListener('pointermove', (event) => {
    const box = picture.getBoundingClientRect();
    const near = wordsNear(chart, x, (event.clientX - box.left) * width / box.width);
    if (!near) return;
    cursor.setAttribute('visibility', 'visible');
    cursor.setAttribute('x1', x(near.at));
    cursor.setAttribute('x2', x(near.at));
    say(near.words);
  });
  picture.addEventListener('pointerleave', () => {
    cursor.setAttribute('visibility', 'hidden');
    say('');
  });
  return picture;
}

function chartLegend(chart) {
  const sign = (shape) => svg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' }, shape);
  const items = [
    ...chart.lines.map((line) => el('li', {}, sign(svg('path', { class: `line ${line.look}`,
      d: 'M0,8h14' })), line.words)),
    ...(chart.bars || []).map((line) => el('li', {}, sign(svg('rect', { x: 2, y: 3, width: 9,
      height: 9, class: `bar ${line.look}` })), line.words))];
  const outcomes = new Set(chart.lines.flatMap((line) => line.points.filter(known)
    .map((point) => point.outcome).filter(Boolean)));
  const own = Object.keys(OUTCOMES).filter((outcome) => outcomes.has(outcome)).map((outcome) =>
    el('li', {}, outcomeSign(outcome), OUTCOMES[outcome].words));
  // One line alone is what the title says.
  return el('ul', { class: 'legend' }, ...(items.length > 1 ? items : []), ...own);
}

// Nothing, where there is nothing to draw.
function chartFigure(chart) {
  const lines = chart.lines.filter((line) => line.points.some(known));
  const bars = (chart.bars || []).filter((line) => line.points.some((point) => point.value > 0));
  if (lines.length + bars.length === 0) return null;
  const shown = { ...chart, lines, bars };
  const said = el('output', { 'aria-hidden': 'true' });
  const holder = el('div', {});
  drawnToFit(holder, (width) => drawChart(shown, width, (words) => { said.textContent = words; }));
  return el('figure', { 'data-chart': chart.name }, el('figcaption', {},
    el('h3', { text: chart.title }), chartLegend(shown)), holder, said);
}
