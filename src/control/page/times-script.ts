/** Times in the zone of who looks, and the steps of an axis of them. */
export const timesScript = `
const two = (number) => String(number).padStart(2, '0');
const dayOf = (ms) => {
  const at = new Date(ms);
  return at.getFullYear() + '-' + two(at.getMonth() + 1) + '-' + two(at.getDate());
};
const timeOf = (ms) => {
  const at = new Date(ms);
  return two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds());
};
const whenOf = (ms) => dayOf(ms) + ' ' + timeOf(ms);
const zoneOf = (ms) => {
  const minutes = -new Date(ms).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const hours = Math.floor(Math.abs(minutes) / 60);
  return 'UTC' + (minutes < 0 ? '-' : '+') + two(hours) + ':' + two(Math.abs(minutes) % 60);
};
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.4 * DAY;
const within = (unit, ...counts) => counts.map((count) => ({ size: unit * count, unit, count }));
const STEPS = [
  ...within(SECOND, 1, 2, 5, 10, 15, 30),
  ...within(MINUTE, 1, 2, 5, 10, 15, 30),
  ...within(HOUR, 1, 2, 3, 6, 12),
  ...within(DAY, 1, 2, 7, 14),
  ...within(MONTH, 1, 3, 6, 12, 24, 60, 120, 600, 1200, 12000),
];
// On the clock of the wall, also where it is put forward or back: noon is noon.
const tickTimes = (begin, end, step) => {
  const at = new Date(begin);
  const [year, month, day] = [at.getFullYear(), at.getMonth(), at.getDate()];
  const times = [];
  const add = (date) => {
    const ms = date.getTime();
    if (ms >= begin && ms <= end && ms !== times[times.length - 1]) times.push(ms);
    return ms < end;
  };
  if (step.unit === MONTH) {
    const months = 12 * year + month;
    let next = months - (months % step.count);
    while (add(new Date(0, next - 12 * 1900, 1))) next += step.count;
  } else if (step.unit === DAY) {
    const number = Math.round(Date.UTC(year, month, day) / DAY);
    let next = day - (number % step.count);
    while (add(new Date(year, month, next))) next += step.count;
  } else {
    const since = begin - new Date(year, month, day).getTime();
    let next = Math.max(0, Math.floor(since / step.size) * step.size - HOUR);
    next -= next % step.size;
    while (add(new Date(year, month, day, 0, 0, 0, next))) next += step.size;
  }
  return times;
};
// What stands below a tick: first what it is, then the date or year where that is another than the one before.
const tickWords = (ms, before, step) => {
  const at = new Date(ms);
  const other = (text, of) => (before === undefined || of(new Date(before)) !== text ? text : '');
  if (step.size >= DAY) {
    const year = (date) => String(date.getFullYear());
    const months = MONTHS[at.getMonth()];
    if (step.count >= 12) return [year(at), ''];
    return [step.unit === DAY ? months + ' ' + at.getDate() : months, other(year(at), year)];
  }
  const time = step.size < MINUTE ? timeOf(ms) : timeOf(ms).slice(0, 5);
  return [time, other(dayOf(ms), (date) => dayOf(date.getTime()))];
};
const stepFor = (span, most) =>
  STEPS.find(({ size }) => span / size <= most) || STEPS[STEPS.length - 1];
`;
