// SPDX-License-Identifier: MIT
// The page of `papsim load` and `papsim capacity`: what both say, and which one it is.

const VERDICTS = { pass: ['✓', 'Passed'], fail: ['✕', 'Failed'], unknown: ['?', 'Undecided'],
  invalid: ['!', 'Invalid'] };
const NONE = '–';  // in a table, where nothing was measured

const has = (value) => value !== undefined && value !== null && value !== '';
// Percentiles, if there was anything to take them of.
const measuredTimes = (times) => times && times.count !== 0 ? times : null;
const percent = (value) => `${value.toFixed(1)} %`;
const rateWord = (rate) => rate < 100 && rate % 1 !== 0 ? rate.toFixed(1)
  : digits(Math.round(rate));

function bytesWord(bytes) {
  if (bytes < 0) return '-' + bytesWord(-bytes);
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; ++unit) value /= 1024;
  return `${unit === 0 || value % 1 === 0 ? digits(Math.round(value)) : value.toFixed(1)} ` +
    units[unit];
}

// Beside an axis of times.
function usWord(us) {
  const short = (value) => String(Number(value.toPrecision(3)));
  if (us < 1000) return short(us) + ' µs';
  return us < 1e6 ? short(us / 1000) + ' ms' : short(us / 1e6) + ' s';
}

const section = (title, ...children) => el('section', {},
  el('h2', { class: 'part', text: title }), ...children);

// Names and what is known of them; what is not known is left out.
function factSection(title, facts) {
  const known = facts.filter(([, value]) => has(value));
  if (known.length === 0) return null;
  return section(title, el('dl', { class: 'about' }, ...known.flatMap(([name, value]) =>
    [el('dt', { text: name }), el('dd', { text: value })])));
}

function machineWords(machine) {
  return [machine.cpu, has(machine.cores) ? many(machine.cores, 'core') : '',
    has(machine.memory_bytes) ? bytesWord(machine.memory_bytes) + ' of memory' : '',
    machine.kernel].filter(has).join(', ');
}

// A table that may be wider than the page. The keyboard can move within it, too.
const scroller = (label, kind, content) => el('div', { class: `scroll ${kind}`, tabindex: 0,
  role: 'region', 'aria-label': label }, content);

function showMeasured(measured) {
  const page = document.getElementById('page');
  if (measured.papsim_measured !== 1) {
    page.replaceChildren(el('p', { text: 'This page cannot read its own data: it knows ' +
      `papsim_measured 1, and was given ${measured.papsim_measured}.` }));
  } else {
    const parts = measured.kind === 'capacity' ? capacityPage(measured) : loadPage(measured);
    page.replaceChildren(...parts.filter(Boolean));
  }
  document.title = `papsim ${measured.kind}`;
  document.documentElement.dataset.shown = 'yes';
}

showMeasured(JSON.parse(document.getElementById('measured').textContent));
