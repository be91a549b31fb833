// SPDX-License-Identifier: MIT
// Agents beat by beat: what the timeline did to each, its heartbeats, when its death was due and
// decided, and what the Station was told.

const LANE = 66;

// Shapes as well as colours, for those who cannot tell these apart.
const MARKS = {
  step: { y: 25, words: 'timeline', shape: (x, y) => `M${x - 4},${y - 4}h8l-4,7Z` },
  beat: { y: 37, words: 'heartbeat', shape: (x, y) => `M${x},${y - 6}v12` },
  sent: { y: 37, words: 'sent, not heard at once',
    shape: (x, y) => `M${x - 3},${y - 3}l6,6m0,-6l-6,6` },
  refused: { y: 37, words: 'refused', shape: (x, y) => `M${x},${y - 6}v12m-3,-9h6m-6,6h6` },
  station_beat: { y: 42, words: 'beat at the Station', shape: (x, y) => `M${x},${y - 1}v6` },
  decided: { y: 37, words: 'decided dead', shape: (x, y) => `M${x},${y - 7}l6,7l-6,7l-6,-7Z` },
  posted: { y: 52, words: 'alert posted', shape: (x, y) => `M${x - 4},${y + 3}h8l-4,-6Z` },
  delivered: { y: 60, words: 'answered 2xx',
    shape: (x, y) => `M${x - 3.5},${y}a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0Z` },
  undelivered: { y: 60, words: 'answered otherwise',
    shape: (x, y) => `M${x - 3.5},${y}a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0Z` },
  gone: { y: 37, words: 'removed or forgotten', shape: (x, y) => `M${x - 4},${y - 4}h8v8h-8Z` },
};
const STRETCHES = { down: 'no process', frozen: 'frozen', away: 'keeps away', due: 'death due' };

function drawLane(lane, from, to, top, width, ownAxis) {
  const x = scale(from, to, GUTTER, width - RIGHT);
  const group = svg('g', { class: 'lane', 'data-agent': lane.agent, 'data-from': from,
    'data-to': to });
  const room = width - GUTTER - RIGHT;
  const name = fitted(lane.agent, room);
  const title = svg('text', { class: 'name', x: GUTTER, y: top + 12, text: name });
  const why = `  ${lane.group}, ${lane.why}`;
  const left = room - widthOf(name);
  if (left > 40) title.append(svg('tspan', { fill: 'var(--faint)', text: fitted(why, left) }));
  title.append(svg('title', { text: lane.agent + why }));
  const middle = top + 37;
  group.append(title, svg('line', { class: 'lane-line', x1: GUTTER, x2: width - RIGHT, y1: middle,
    y2: middle }));
  // A window that is short would vanish under what holds for long.
  const byDue = (a, b) => (a.kind === 'due') - (b.kind === 'due');
  for (const each of [...lane.stretches].sort(byDue)) {
    if (each.from_ms > to || each.to_ms < from) continue;
    const begin = x(Math.max(each.from_ms, from));
    const wide = Math.max(1, x(Math.min(each.to_ms, to)) - begin);
    const tall = each.kind === 'due' ? 20 : 12;
    group.append(svg('rect', { class: `stretch ${each.kind}`, x: begin, width: wide,
      y: middle - tall / 2, height: tall, 'data-kind': each.kind, 'data-from': each.from_ms,
      'data-to': each.to_ms }, svg('title', { text: `${STRETCHES[each.kind]}, ` +
        `${clock(each.from_ms)} to ${clock(each.to_ms)}` })));
    if (each.kind === 'down') {
      group.append(svg('line', { class: 'down-line', x1: begin, x2: begin + wide, y1: middle,
        y2: middle }));
    }
  }
  for (const mark of lane.marks) {
    if (mark.at_ms < from || mark.at_ms > to) continue;
    const look = MARKS[mark.kind];
    const words = `${clock(mark.at_ms)}  ${mark.what || look.words}`;
    group.append(svg('path', { class: `mark ${mark.kind}`, d: look.shape(x(mark.at_ms),
      top + look.y), 'data-kind': mark.kind, 'data-at': mark.at_ms, 'data-x': x(mark.at_ms) },
      svg('title', { text: words })));
  }
  if (ownAxis) group.append(timeAxis(x, top + LANE, width));
  return group;
}

function drawLanes(lanes, until, width) {
  // Of a long run each lane has its own part, and so its own axis.
  const own = lanes.some((lane) => lane.from_ms !== lanes[0].from_ms ||
    lane.to_ms !== lanes[0].to_ms);
  const each = own ? LANE + 24 : LANE;
  const height = lanes.length * each + (own ? 0 : 22);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img',
    class: 'lanes', 'data-x-from': GUTTER, 'data-x-to': width - RIGHT },
    svg('title', { text: 'The worst agents, beat by beat' }),
    svg('desc', { text: 'The same in words stands in the table below.' }));
  lanes.forEach((lane, k) => {
    const to = own ? lane.to_ms : Math.min(lane.to_ms, until);
    picture.append(drawLane(lane, lane.from_ms, to, k * each, width, own));
  });
  if (!own) {
    const to = Math.min(lanes[0].to_ms, until);
    picture.append(timeAxis(scale(lanes[0].from_ms, to, GUTTER, width - RIGHT),
      lanes.length * LANE, width));
  }
  return picture;
}

function laneLegend(lanes) {
  const kinds = new Set(lanes.flatMap((lane) => lane.marks.map((mark) => mark.kind)));
  const held = new Set(lanes.flatMap((lane) => lane.stretches.map((each) => each.kind)));
  const items = Object.entries(MARKS).filter(([kind]) => kinds.has(kind)).map(([kind, look]) =>
    el('li', {}, svg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' },
      svg('path', { class: `mark ${kind}`, d: look.shape(7, 7) })), look.words));
  for (const [kind, words] of Object.entries(STRETCHES)) {
    if (!held.has(kind)) continue;
    const sign = svg('svg', { viewBox: '0 0 14 14', 'aria-hidden': 'true' });
    sign.append(kind === 'down'
      ? svg('line', { class: 'down-line', x1: 0, x2: 14, y1: 7, y2: 7 })
      : svg('rect', { class: `stretch ${kind}`, x: 1, y: 2, width: 12, height: 10 }));
    items.push(el('li', {}, sign, words));
  }
  return el('ul', { class: 'legend' }, ...items);
}

function laneTable(lanes) {
  const rows = lanes.flatMap((lane) => lane.marks.map((mark) => [lane.agent, clock(mark.at_ms),
    mark.what || MARKS[mark.kind].words]));
  return el('div', { class: 'scroll' }, table(['agent', 'time', 'what'], rows, ['', 'number']));
}

// What there was no room for; none if all is shown.
function laneOmissions(recording) {
  const words = recording.lanes.filter((lane) => lane.left_out > 0).map((lane) =>
    `${digits(lane.left_out)} more of ${lane.agent}`);
  if (recording.lanes_left_out > 0) {
    words.push(`at least ${many(recording.lanes_left_out, 'more agent')} that checks name`);
  }
  return words.length === 0 ? null
    : el('p', { class: 'faint omissions', text: `Not drawn: ${words.join(', ')}.` });
}
