/** Features, alerts, denials and the queue. */
export const shownScript = `
const FEATURES_MAX = 500;
const DENIALS_MAX = 100;
let isDue = false;
let isBusy = false;
const refreshSoon = () => {
  if (isDue) return;
  isDue = true;
  setTimeout(refresh, 250);
};
const refresh = async () => {
  if (isBusy || document.hidden) {
    isDue = false;
    return;
  }
  isBusy = true;
  isDue = false;
  try {
    const paths = ['/health', '/features', '/queue?limit=50', '/triad', '/faults'];
    const [health, features, queue, triad, faults] = await Promise.all(
      paths.map((path) => ask(path)),
    );
    showHealth(health, triad.triad);
    showFeatures(features);
    showAlerts(health, features.features, triad.triad);
    showQueue(queue);
    showFaults(faults.faults);
    noteFaults(health.clock.ms, faults.faults);
    noteVendors(health.clock.ms, health.vendors);
    await addToTimeline(health.clock.ms, features.features);
    await refreshUsers();
  } catch (error) {
    if (!(error instanceof Refused)) live('reconnecting', true);
  } finally {
    isBusy = false;
  }
};
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refreshSoon();
});
setInterval(() => {
  if ($('live').textContent === 'live') refreshSoon();
}, 10000);
const put = (id, text) => {
  if ($(id).textContent !== text) $(id).textContent = text;
};
const showHealth = (health, triad) => {
  put('address', health.address);
  put(
    'clock',
    whenOf(health.clock.ms) +
      ' ' +
      zoneOf(health.clock.ms) +
      (health.clock.kind === 'real' ? '' : ' (' + health.clock.kind + ')'),
  );
  put(
    'vendors',
    health.vendors.map((vendor) => vendor.name + (vendor.up ? ' up' : ' down')).join(', '),
  );
  const others =
    triad &&
    triad.members.map(
      (member) =>
        member +
        (member === triad.master ? ' (master)' : triad.up.includes(member) ? ' up' : ' down'),
    );
  put('triad', others ? 'triad: ' + others.join(', ') : '');
  showVendors(health.vendors);
  $('advance-button').disabled = health.clock.kind === 'real';
};
const cell = (row, text) => row.append(element('td', String(text)));
const part = (bar, name, seats, whole) => {
  const piece = element('i', undefined, seats > 0 ? name : name + ' none');
  piece.style.width = (100 * seats) / whole + '%';
  bar.append(piece);
};
const barOf = (row) => {
  const bar = element('div', undefined, 'bar');
  bar.setAttribute('role', 'img');
  if (!row.counted) {
    bar.setAttribute('aria-label', 'uncounted');
    return bar;
  }
  const waits = row.queued ? ', ' + row.queued + ' waiting' : '';
  bar.setAttribute(
    'aria-label',
    row.used +
      ' of ' +
      row.capacity +
      ' out, ' +
      row.reserved +
      ' reserved, ' +
      row.free +
      ' free' +
      waits,
  );
  const whole = Math.max(row.capacity, row.used + row.reserved) + row.queued || 1;
  part(bar, 'out', row.used - row.borrowed, whole);
  part(bar, 'borrowed', row.borrowed, whole);
  part(bar, 'reserved', row.reserved, whole);
  part(bar, 'free', row.free, whole);
  part(bar, 'queued', row.queued, whole);
  return bar;
};
const featureRow = (row) => {
  const line = element('tr');
  const name = element('th', row.feature);
  name.scope = 'row';
  name.title = row.vendor;
  const seats = element('td');
  seats.append(barOf(row));
  line.append(name, seats);
  cell(line, row.counted ? row.used + ' of ' + row.capacity : 'uncounted');
  for (const field of ['reserved', 'queued', 'borrowed']) cell(line, row[field]);
  cell(line, row.counted ? row.free : '');
  const expires = element(
    'td',
    row.expires || 'never',
    row.expiresInDays !== null && row.expiresInDays < 30 ? 'bad' : '',
  );
  line.append(expires);
  return line;
};
let featuresShown = '';
const showFeatures = ({ total, features }) => {
  const text = JSON.stringify(features);
  if (text === featuresShown) return;
  featuresShown = text;
  $('feature-rows').replaceChildren(...features.slice(0, FEATURES_MAX).map(featureRow));
  put(
    'features-more',
    total > FEATURES_MAX
      ? 'The first ' + FEATURES_MAX + ' of ' + total + '; /features has all.'
      : '',
  );
};
const showAlerts = (health, features, triad) => {
  const alerts = health.vendors
    .filter((vendor) => !vendor.up)
    .map((vendor) => 'vendor daemon ' + vendor.name + ' is down');
  if (triad && !triad.quorum) alerts.push('the triad has no quorum');
  else if (triad && triad.up.length < triad.members.length)
    alerts.push(
      'quorum at risk: ' + triad.up.length + ' of ' + triad.members.length + ' members are up',
    );
  for (const row of features) {
    const use = row.capacity > 0 ? (row.used + row.reserved) / row.capacity : 0;
    if (row.counted && row.capacity > 0 && row.free === 0)
      alerts.push(
        row.feature + ': no seat is free' + (row.queued ? ', ' + row.queued + ' waiting' : ''),
      );
    else if (row.counted && use >= 0.85)
      alerts.push(row.feature + ': ' + Math.floor(100 * use) + ' % in use, ' + row.free + ' free');
    if (row.expiresInDays !== null && row.expiresInDays < 30) {
      alerts.push(
        row.feature +
          (row.expiresInDays < 0 ? ' has expired' : ' expires in ' + row.expiresInDays + ' days'),
      );
    }
  }
  const told = alerts.slice(0, 50);
  if (alerts.length > 50) told.push('and ' + (alerts.length - 50) + ' more');
  const list = $('alerts');
  const text = told.join('|') || 'none';
  if (list.dataset.shown === text) return;
  list.dataset.shown = text;
  list.replaceChildren(
    ...(told.length ? told.map((alert) => element('li', alert, 'bad')) : [element('li', 'none')]),
  );
};
const showQueue = ({ total, queue }) => {
  const rows = queue.map((row) =>
    element(
      'li',
      row.user +
        '@' +
        row.host +
        ' waits for ' +
        row.count +
        ' of ' +
        row.feature +
        ' since ' +
        timeOf(Date.parse(row.since)),
    ),
  );
  if (total > queue.length) rows.push(element('li', 'and ' + (total - queue.length) + ' more'));
  $('queue').replaceChildren(...(rows.length ? rows : [element('li', 'nobody')]));
};
let denials = 0;
const clearDenials = () => {
  denials = 0;
  $('denials').replaceChildren(element('li', 'none so far'));
};
const showDenial = ({ event }) => {
  if (denials === 0) $('denials').replaceChildren();
  denials++;
  const { client, feature, refusal, at } = event;
  const words = errorWords[refusal.major] || '';
  const text =
    whenOf(at) +
    ' ' +
    client.user +
    '@' +
    client.host +
    ': ' +
    feature +
    ' denied, ' +
    words +
    ' (' +
    refusal.major +
    ',' +
    refusal.minor +
    ')';
  $('denials').prepend(element('li', text));
  if ($('denials').children.length > DENIALS_MAX) $('denials').lastChild.remove();
};
`;
