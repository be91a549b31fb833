// SPDX-License-Identifier: MIT
// How late deaths were decided: a dot a death, beside the window in which it had to be.

const FEW_DOTS = 60;  // each of which can be told from the others

const radiusOf = (dot, few) => few ? Math.min(8, 4 + Math.sqrt(dot.count - 1) * 0.25) :
                                     Math.min(6, 2.2 + Math.sqrt(dot.count - 1) * 0.25);

// Where words cover no dot, or the fewest: at the first of these heights that will do, and as far
// to the right as may be.
function freePlace(words, heights, dots, width) {
  const wide = widthOf(words);
  const covered = (right, y) => dots.filter(
      (dot) => dot.x + dot.reach > right - wide - 2 && dot.x - dot.reach < right + 2 &&
          dot.y + dot.reach > y - 10 && dot.y - dot.reach < y + 3).length;
  let best = {right: width - RIGHT - 3, y: heights[0], count: Infinity};
  for (const y of heights) {
    for (let right = width - RIGHT - 3; right - wide > GUTTER; right -= 12) {
      const count = covered(right, y);
      if (count === 0) return {right, y};
      if (count < best.count) best = {right, y, count};
    }
  }
  return best;
}

function drawLags(lags, until, width) {
  const height = 190;
  const bottom = height - 22;
  const least = Math.min(lags.least_ms, lags.earliest_ms);
  const most = Math.max(lags.most_ms, lags.latest_ms);
  const pad = Math.max(1, (lags.latest_ms - lags.earliest_ms) * 0.35, (most - least) * 0.15);
  const low = least - pad;
  const high = most + pad;
  const few = lags.dots.length <= FEW_DOTS;
  const x = scale(0, until, GUTTER, width - RIGHT);
  const y = scale(low, high, bottom, 6);
  const words = `Silence when deaths of ${lags.mode} agents were decided`;
  const picture =
      svg('svg', {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: 'img',
        class: few ? 'lags few' : 'lags',
        'data-mode': lags.mode,
        'data-until': until,
        'data-low': low,
        'data-high': high,
        'data-y-low': bottom,
        'data-y-high': 6,
        'data-x-from': GUTTER,
        'data-x-to': width - RIGHT
      },
          svg('title', {text: words}), svg('desc', {text: lagWords(lags)}));
  for (const at of timeTicks(low, high, 5)) {
    picture.append(
        svg('line', {class: 'grid', x1: GUTTER, x2: width - RIGHT, y1: y(at), y2: y(at)}),
        svg('text', {x: GUTTER - 5, y: y(at) + 4, 'text-anchor': 'end', text: tickWord(at)}));
  }
  picture.append(svg('rect', {
    class: 'window',
    x: GUTTER,
    width: width - RIGHT - GUTTER,
    y: y(lags.latest_ms),
    height: Math.max(1, y(lags.earliest_ms) - y(lags.latest_ms)),
    'data-earliest': lags.earliest_ms,
    'data-latest': lags.latest_ms
  }));
  const places = lags.dots.map(
      (dot) => ({x: x(dot.at_ms), y: y(dot.silence_ms), reach: radiusOf(dot, few) + 2}));
  lags.dots.forEach((dot, k) => {
    const {x: cx, y: cy} = places[k];
    const r = radiusOf(dot, few);
    const at = {
      class: `dot ${dot.kind}`,
      'data-at': dot.at_ms,
      'data-silence': dot.silence_ms,
      'data-count': dot.count,
      'data-x': cx,
      'data-y': cy
    };
    const d = {
      inside: '',
      outside: `M${cx},${cy - r - 2}l${r + 2},${2 * r + 3}h${- 2 * r - 4}Z`,
      living: `M${cx - r - 1},${cy - r - 1}l${2 * r + 2},${2 * r + 2}` +
          `m0,${- 2 * r - 2}l${- 2 * r - 2},${2 * r + 2}`
    }[dot.kind];
    picture.append(
        filled(d ? svg('path', {...at, d}) : svg('circle', {...at, cx, cy, r}), {}, [svg('title', {
                 text: `${many(dot.count, 'death')}, decided at ${clock(dot.at_ms)} after ` +
                     `${clock(dot.silence_ms)} of silence`
               })]));
  });
  for (const [at, name] of [[lags.latest_ms, '2I + slack'], [lags.earliest_ms, '2I']]) {
    const label = `${name} = ${tickWord(at)}`;
    // Outside of the window or inside, close to its edge or clear of what lies on that.
    const above = [y(at) - 4, y(at) - 12];
    const below = [y(at) + 12, y(at) + 20];
    const [[near, far], [inside, deep]] = name === '2I' ? [below, above] : [above, below];
    const place = freePlace(label, [near, inside, far, deep], places, width);
    picture.append(svg(
        'text',
        {class: 'edge', x: place.right, 'text-anchor': 'end', y: place.y, text: label}));
  }
  picture.append(timeAxis(x, bottom, width));
  return picture;
}

function lagWords(lags) {
  const one = lags.least_ms === lags.most_ms;
  const each = one && lags.count > 1 ? 'each ' : '';
  return `${many(lags.count, 'death')} of ${lags.mode} agents, ${each}after ` +
      tickWord(lags.least_ms) + (one ? '' : ` to ${tickWord(lags.most_ms)}`) + ' of silence' +
      (one ? '' : `, median ${tickWord(lags.median_ms)}`) +
      (lags.p99_ms < lags.most_ms ? `, 99% within ${tickWord(lags.p99_ms)}` : '') +
      `; the window is ${tickWord(lags.earliest_ms)} to ${tickWord(lags.latest_ms)}` +
      (lags.outside > 0 ? `; ${digits(lags.outside)} outside of it` : '') +
      (lags.living > 0 ? `; ${digits(lags.living)} alive` : '') + '.';
}
