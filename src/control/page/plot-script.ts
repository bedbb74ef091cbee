/** The timeline as a plot with axes and marks, and the part of it that is looked at. */
export const plotScript = `
const SPAN_LEAST = 10 * SECOND;
const TICK_PX = 76;
const LANES = { denied: 4, fault: 20, down: 30 };
const PLOT_TOP = 46;
const PLOT_BELOW = 40;
const PLOT_RIGHT = 14;
const MARK_PX = 10;
// Without a span all of it; without an end it goes with the clock.
let view = { span: 0, end: 0 };
let isDrawDue = false;
const drawSoon = () => {
  if (isDrawDue) return;
  isDrawDue = true;
  requestAnimationFrame(() => {
    isDrawDue = false;
    if (points.length) drawTimeline();
  });
};
const wholeTime = () => {
  const end = points[points.length - 1].ms;
  return { begin: Math.min(points[0].ms, end - SPAN_LEAST), end };
};
const timeShown = () => {
  const whole = wholeTime();
  const end = view.end || whole.end;
  return { begin: view.span ? end - view.span : whole.begin, end };
};
const showPart = (begin, end) => {
  const whole = wholeTime();
  const span = Math.max(SPAN_LEAST, end - begin);
  if (span >= whole.end - whole.begin) return showAll();
  const last = Math.min(whole.end, Math.max(begin + span, whole.begin + span));
  view = { span, end: last >= whole.end ? 0 : last };
  showView();
};
const showAll = () => {
  view = { span: 0, end: 0 };
  showView();
};
const showView = () => {
  for (const button of document.querySelectorAll('[data-zoom]')) {
    const isShown = view.end === 0 && view.span === 1000 * Number(button.dataset.zoom);
    button.setAttribute('aria-pressed', String(isShown));
  }
  drawSoon();
};
const stepView = (step) => {
  if (points.length === 0) return;
  const { begin, end } = timeShown();
  const span = end - begin;
  const middle = view.end ? (begin + end) / 2 : end;
  if (step === 'in') showPart(middle - span / (view.end ? 4 : 2), view.end ? middle + span / 4 : end);
  if (step === 'out') showPart(begin - span / 2, end + span / 2);
  if (step === 'earlier') showPart(begin - span / 4, end - span / 4);
  if (step === 'later') showPart(begin + span / 4, end + span / 4);
  if (step === 'all') showAll();
};
const drawn = (name, attributes, told) => {
  const made = document.createElementNS($('timeline').namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (told) made.append(name === 'text' || name === 'title' ? told : drawn('title', {}, told));
  return made;
};
const seatSteps = (most) => {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough));
  const ticks = [];
  for (let seats = 0; seats < Math.max(1, most) + size; seats += size) ticks.push(seats);
  return ticks;
};
// The points of the part that is shown; the first of them where it begins.
const pointsIn = (begin, end) => {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].ms < begin) low = middle + 1;
    else high = middle;
  }
  const shown = [];
  if (low > 0) shown.push({ ms: begin, used: points[low - 1].used });
  for (let at = low; at < points.length && points[at].ms <= end; at++) shown.push(points[at]);
  return shown;
};
// Of a column of pixels the least, the most and the last: more is not to be seen, and no peak is lost.
const columnsOf = (shown, xOf) => {
  const columns = [];
  for (const { ms, used } of shown) {
    const x = Math.round(xOf(ms));
    const last = columns[columns.length - 1];
    if (last && last.x === x) {
      last.low = Math.min(last.low, used);
      last.high = Math.max(last.high, used);
      last.used = used;
    } else columns.push({ x, low: used, high: used, used });
  }
  return columns;
};
const lineOf = (columns, yOf, right) => {
  let path = '';
  for (const { x, low, high, used } of columns) {
    path += path === '' ? 'M' + x + ' ' + yOf(used) : 'H' + x;
    if (high > low) path += 'V' + yOf(high) + 'V' + yOf(low);
    path += 'V' + yOf(used);
  }
  return path === '' ? '' : path + 'H' + right;
};
const axesOf = (frame, ticks, xOf, yOf) => {
  const { left, right, bottom, begin, end } = frame;
  const parts = [];
  for (const seats of ticks) {
    const y = yOf(seats);
    parts.push(drawn('line', { class: 'grid', x1: left, x2: right, y1: y, y2: y }));
    parts.push(drawn('text', { x: left - 6, y: y + 4, 'text-anchor': 'end' }, String(seats)));
  }
  const step = stepFor(end - begin, Math.max(1, (right - left) / TICK_PX));
  let before;
  for (const ms of tickTimes(begin, end, step)) {
    const x = xOf(ms);
    const anchor = x > right - 30 ? 'end' : x < 34 ? 'start' : 'middle';
    const at = anchor === 'end' ? right + PLOT_RIGHT - 2 : anchor === 'start' ? 2 : x;
    const [time, date] = tickWords(ms, before, step);
    before = ms;
    parts.push(drawn('line', { class: 'grid', x1: x, x2: x, y1: PLOT_TOP, y2: bottom + 5 }));
    for (const [text, y] of [[time, 18], [date, 33]])
      if (text) parts.push(drawn('text', { x: at, y: bottom + y, 'text-anchor': anchor }, text));
  }
  return parts;
};
const denialsOf = ({ begin, end }, xOf) => {
  const heaps = new Map();
  for (const mark of marksIn(begin, end)) {
    const at = Math.round(xOf(mark.ms) / MARK_PX) * MARK_PX;
    if (!heaps.has(at)) heaps.set(at, []);
    heaps.get(at).push(mark);
  }
  return [...heaps].map(([x, marks]) => {
    const shape = [x - 4, LANES.denied, x + 4, LANES.denied, x, LANES.denied + 9].join(' ');
    const told = marks.length + ' denied: ' + perFeature(marks) + ', ' + whenOf(marks[0].ms);
    return drawn('polygon', { class: 'denied', points: shape }, told);
  });
};
const spansOf = (name, spans, { begin, end }, xOf) =>
  spansIn(spans, begin, end).map((span) => {
    const x = xOf(Math.max(begin, span.from));
    const width = Math.max(3, xOf(Math.min(end, span.to === undefined ? end : span.to)) - x);
    // What acts once stands out of what lasts.
    const more = span.to === span.from ? 4 : 0;
    const box = { x, width, y: LANES[name] - more, height: 6 + 2 * more };
    return drawn('rect', { class: name, ...box }, spanWords(span));
  });
let plotFrame;
const drawTimeline = () => {
  const svg = $('timeline');
  const width = Math.max(200, svg.clientWidth);
  const height = Math.max(150, svg.clientHeight);
  const { begin, end } = timeShown();
  const shown = pointsIn(begin, end);
  const most = shown.reduce((top, point) => Math.max(top, point.used), 0);
  const ticks = seatSteps(most);
  const top = ticks[ticks.length - 1];
  const left = 16 + 7.5 * String(top).length;
  const [right, bottom] = [width - PLOT_RIGHT, height - PLOT_BELOW];
  const frame = { left, right, bottom, begin, end };
  plotFrame = frame;
  const xOf = (ms) => left + ((right - left) * (ms - begin)) / (end - begin);
  const yOf = (seats) => Math.round(bottom - ((bottom - PLOT_TOP) * seats) / top);
  const columns = columnsOf(shown, xOf);
  const line = lineOf(columns, yOf, Math.round(xOf(Math.min(end, wholeTime().end))));
  const under = line && line + 'V' + bottom + 'H' + columns[0].x + 'Z';
  svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
  svg.replaceChildren(
    ...axesOf(frame, ticks, xOf, yOf),
    drawn('path', { class: 'under', d: under }),
    drawn('path', { class: 'seats-out', d: line }),
    ...spansOf('fault', faultSpans.values(), frame, xOf),
    ...spansOf('down', downSpans, frame, xOf),
    ...denialsOf(frame, xOf),
    drawn('rect', { id: 'chosen', class: 'chosen', y: PLOT_TOP, height: bottom - PLOT_TOP }),
  );
  markChosen();
  const last = shown.length ? shown[shown.length - 1].used : 0;
  put('timeline-text', timelineWords(frame, most, last));
};
// What is dragged over is chosen.
let dragged;
const markChosen = () => {
  const from = dragged ? Math.min(dragged.from, dragged.to) : 0;
  $('chosen').setAttribute('x', from);
  $('chosen').setAttribute('width', dragged ? Math.abs(dragged.to - dragged.from) : 0);
};
const plotX = (event) => {
  const x = event.clientX - $('timeline').getBoundingClientRect().left;
  return Math.min(plotFrame.right, Math.max(plotFrame.left, x));
};
$('timeline').addEventListener('pointerdown', (event) => {
  if (!plotFrame || event.button !== 0) return;
  $('timeline').setPointerCapture(event.pointerId);
  dragged = { from: plotX(event), to: plotX(event), ...timeShown() };
});
$('timeline').addEventListener('pointermove', (event) => {
  if (!dragged) return;
  dragged.to = plotX(event);
  markChosen();
});
$('timeline').addEventListener('pointerup', () => {
  if (!dragged) return;
  const { from, to, begin, end } = dragged;
  dragged = undefined;
  const { left, right } = plotFrame;
  const timeAt = (x) => begin + ((end - begin) * (x - left)) / (right - left);
  if (Math.abs(to - from) > 6) showPart(timeAt(Math.min(from, to)), timeAt(Math.max(from, to)));
  markChosen();
});
$('timeline').addEventListener('pointercancel', () => {
  dragged = undefined;
  if (plotFrame) markChosen();
});
$('timeline').addEventListener('dblclick', showAll);
const PLOT_KEYS = {
  '+': 'in',
  '=': 'in',
  '-': 'out',
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
  0: 'all',
};
$('plot').addEventListener('keydown', (event) => {
  const step = PLOT_KEYS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  stepView(step);
});
for (const button of document.querySelectorAll('[data-zoom]'))
  button.addEventListener('click', () => {
    view = { span: 1000 * Number(button.dataset.zoom), end: 0 };
    showView();
  });
for (const button of document.querySelectorAll('[data-step]'))
  button.addEventListener('click', () => stepView(button.dataset.step));
new ResizeObserver(drawSoon).observe($('timeline'));
`;
