/** What the timeline is drawn of: seats out, denials, faults in force and daemons that were down. */
export const timelineScript = `
const POINTS_MAX = 20000;
const SPANS_MAX = 200;
let points = [];
let denialMarks = [];
let faultSpans = new Map();
let downSpans = [];
let isSeeded = false;
const startTimeline = () => {
  points = [];
  denialMarks = [];
  faultSpans = new Map();
  downSpans = [];
  isSeeded = false;
  showAll();
};
const usedIn = (features) => features.reduce((sum, row) => sum + row.used, 0);
const addToTimeline = async (ms, features) => {
  const used = usedIn(features);
  if (!isSeeded) {
    isSeeded = true;
    await seedTimeline(ms, used);
  }
  const last = points[points.length - 1];
  if (last && last.ms > ms) points = [];
  points.push({ ms, used });
  if (points.length > POINTS_MAX) points = halfOf(points);
  drawSoon();
};
// Of two neighbours the higher: a peak is what one looks for.
const halfOf = (all) => {
  const kept = [];
  for (let at = 0; at < all.length - 2; at += 2)
    kept.push(all[at].used > all[at + 1].used ? all[at] : all[at + 1]);
  return [...kept, all[all.length - 1]];
};
const seedTimeline = async (ms, usedNow) => {
  const { count } = await ask('/journal?limit=1&from=999999999');
  const { events } = await ask(
    '/journal?limit=10000&kind=seatTaken,seatReturned&from=' + Math.max(1, count - 9999),
  );
  let used = usedNow;
  const seeds = [];
  for (const { event } of events.reverse()) {
    seeds.push({ ms: event.at, used });
    used -= event.kind === 'seatTaken' ? event.added : -event.freed;
  }
  // What was out before the first that is known.
  if (seeds.length) seeds.push({ ms: seeds[seeds.length - 1].ms, used });
  points = seeds.reverse().filter((point) => point.ms <= ms);
};
const noteDenial = ({ event }) => {
  denialMarks.push({ ms: event.at, feature: event.feature });
  if (denialMarks.length > POINTS_MAX) denialMarks = denialMarks.slice(-POINTS_MAX / 2);
  drawSoon();
};
const noteFaults = (ms, faults) => {
  const listed = new Set();
  for (const { id, text, state, from, to } of faults) {
    listed.add(id);
    if (state === 'waiting') continue;
    const known = faultSpans.get(id);
    const begin = Date.parse(from);
    // One that acts once has no end of its own: it was over by the time it was seen so.
    const ended = to ? Date.parse(to) : known ? known.to || ms : begin;
    faultSpans.set(id, { what: text, from: begin, to: state === 'over' ? ended : undefined });
  }
  for (const [id, span] of faultSpans)
    if (!listed.has(id) && span.to === undefined) faultSpans.set(id, { ...span, to: ms });
  for (const id of faultSpans.keys()) {
    if (faultSpans.size <= SPANS_MAX) return;
    faultSpans.delete(id);
  }
};
const noteVendors = (ms, vendors) => {
  for (const { name, up } of vendors) {
    const open = downSpans.find((span) => span.what === name && span.to === undefined);
    if (open && up) open.to = ms;
    if (!open && !up) downSpans.push({ what: name, from: ms });
  }
  downSpans = downSpans.slice(-SPANS_MAX);
};
const spansIn = (spans, begin, end) =>
  [...spans].filter((span) => span.from <= end && (span.to === undefined || span.to >= begin));
const marksIn = (begin, end) => denialMarks.filter(({ ms }) => ms >= begin && ms <= end);
const perFeature = (marks) => {
  const counts = new Map();
  for (const { feature } of marks) counts.set(feature, (counts.get(feature) || 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]);
  const told = rows.slice(0, 5).map(([feature, count]) => feature + ' ' + count);
  return told.join(', ') + (rows.length > 5 ? ' and ' + (rows.length - 5) + ' more' : '');
};
const spanWords = ({ what, from, to }) => {
  if (to === from) return what + ' at ' + whenOf(from);
  return what + ' from ' + whenOf(from) + (to === undefined ? ' on' : ' to ' + whenOf(to));
};
const listWords = (lead, spans) => {
  if (spans.length === 0) return '';
  const more = spans.length > 5 ? ' and ' + (spans.length - 5) + ' before' : '';
  return ' ' + lead + ': ' + spans.slice(-5).map(spanWords).join('; ') + more + '.';
};
// The same for who does not see the plot.
const timelineWords = ({ begin, end }, most, now) => {
  const marks = marksIn(begin, end);
  const denied = marks.length
    ? ' ' + (marks.length === 1 ? '1 denial' : marks.length + ' denials') + ': ' + perFeature(marks)
    : ' No denials';
  return (
    'From ' +
    whenOf(begin) +
    ' to ' +
    whenOf(end) +
    ' (your time, ' +
    zoneOf(end) +
    '): at most ' +
    most +
    ' out, at the end ' +
    now +
    '.' +
    denied +
    '.' +
    listWords('Faults', spansIn(faultSpans.values(), begin, end)) +
    listWords('Daemons down', spansIn(downSpans, begin, end))
  );
};
`;
