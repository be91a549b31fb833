// SPDX-License-Identifier: MIT
'use strict';
// Elements, words and scales: what the drawings and the page are made of.

const SVG = 'http://www.w3.org/2000/svg';

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
const el = (tag, attributes, ...children) =>
  filled(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

// 100000 as 100 000.
const digits = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
// Of two forms the right one: 1 seed, 2 seeds.
const many = (n, one, more) => `${digits(n)} ${n === 1 ? one : more || one + 's'}`;

// 3723045 ms as 1h2m3.045s.
function clock(ms) {
  if (ms < 0) return '-' + clock(-ms);
  const hours = Math.floor(ms / 3600000);
  const minutes = Math.floor(ms / 60000) % 60;
  const seconds = Math.floor(ms / 1000) % 60;
  const rest = ms % 1000;
  let out = '';
  if (hours > 0) out += hours + 'h';
  if (minutes > 0) out += minutes + 'm';
  if (seconds > 0 || rest > 0 || out === '') {
    out += seconds + (rest > 0 ? '.' + String(rest).padStart(3, '0') : '') + 's';
  }
  return out;
}

// Beside an axis: 10.5s, where clock() says 10.500s.
const tickWord = (ms) => clock(ms).replace(/(\.\d*?)0+s$/, '$1s').replace('.s', 's');

// Times that were measured, in ms.
const msWord = (us) => (us / 1000).toFixed(us < 10000 ? 2 : 1) + ' ms';

// Of words in a drawing, in pixels.
const pen = document.createElement('canvas').getContext('2d');
function widthOf(words) {
  pen.font = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  return pen.measureText(words).width;
}

// As much of them as there is room for.
function fitted(words, room) {
  if (widthOf(words) <= room) return words;
  let short = words;
  while (short.length > 1 && widthOf(short + '…') > room) short = short.slice(0, -1);
  return short + '…';
}

// A scale maps its domain onto pixels.
function scale(from, to, low, high) {
  const span = to === from ? 1 : to - from;
  const map = (value) => low + ((value - from) / span) * (high - low);
  map.from = from;
  map.to = to;
  map.invert = (pixel) => from + ((pixel - low) / (high - low)) * span;
  return map;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TIME_STEPS = [100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND,
  30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,
  2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 168 * HOUR];

function timeTicks(from, to, most) {
  const step = TIME_STEPS.find((each) => (to - from) / each <= most) || (to - from) / most;
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

// Round numbers from 0, or from `from`, to the first one that is not below `to`.
function countTicks(from, to, most) {
  const rough = Math.max((to - from) / most, 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((each) => each >= rough * 0.999);
  const whole = Math.max(step, 1);
  const ticks = [];
  for (let at = Math.floor(from / whole) * whole; at < to + whole; at += whole) ticks.push(at);
  return ticks;
}

// The room at the sides of a drawing.
const GUTTER = 46;  // for the numbers of the vertical axes
const RIGHT = 10;

function timeAxis(x, y, width) {
  const axis = svg('g', { class: 'time-axis' });
  axis.append(svg('line', { class: 'axis', x1: GUTTER, x2: width - RIGHT, y1: y, y2: y }));
  for (const at of timeTicks(x.from, x.to, Math.max(2, Math.floor(width / 80)))) {
    axis.append(svg('line', { class: 'axis', x1: x(at), x2: x(at), y1: y, y2: y + 4 }),
      svg('text', { x: x(at), y: y + 15, 'text-anchor': 'middle', text: tickWord(at) }));
  }
  return axis;
}

// Draws into `holder` whenever it has a width, and anew when that changes: what is folded away
// costs nothing until it is opened.
function drawnToFit(holder, draw) {
  let width = 0;
  const fit = (force) => {
    const now = Math.floor(holder.clientWidth);
    if (now === 0 || (!force && now === width)) return;
    width = now;
    holder.replaceChildren(draw(width));
  };
  new ResizeObserver(() => fit(false)).observe(holder);
  return () => fit(true);
}

// Folded away, and made once it is opened.
function fold(title, make) {
  const details = el('details', { class: 'fold' }, el('summary', { text: title }));
  details.addEventListener('toggle', () => details.append(make()), { once: true });
  return details;
}

function table(heads, rows, classes = []) {
  const cell = (tag, content, i) => {
    const each = el(tag, { class: classes[i] || null });
    each.append(content instanceof Node ? content : String(content ?? ''));
    return each;
  };
  return el('table', {},
    el('thead', {}, el('tr', {}, ...heads.map((head, i) => cell('th', head, i)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((c, i) => cell('td', c, i))))));
}
