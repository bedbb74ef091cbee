/** The table of users: of 10,000 only those in sight are asked for and stand in the page. */
export const usersScript = `
const ROW_PX = 28;
const ROWS = 60;
let usersShown = '';
let usersAsked = 0;
const userRow = (row, index) => {
  const line = element('tr');
  line.setAttribute('aria-rowindex', String(index + 2));
  const since = whenOf(Date.parse(row.since));
  const stay = row.stay
    ? ' (' + row.stay + ' until ' + whenOf(Date.parse(row.until)).slice(0, 16) + ')'
    : '';
  for (const text of [
    row.user,
    row.host,
    row.feature,
    row.count,
    row.version,
    since + stay,
    row.handle,
  ]) {
    const made = element('td', String(text));
    made.title = String(text);
    line.append(made);
  }
  return line;
};
const space = (rows) => {
  const line = element('tr', undefined, 'space');
  line.setAttribute('aria-hidden', 'true');
  const filler = element('td');
  filler.colSpan = 7;
  filler.style.height = rows * ROW_PX + 'px';
  line.append(filler);
  return line;
};
const refreshUsers = async () => {
  const asked = ++usersAsked;
  const first = Math.max(0, Math.floor($('users').scrollTop / ROW_PX) - 20);
  const search = encodeURIComponent($('search').value);
  const answer = await ask('/users?limit=' + ROWS + '&offset=' + first + '&search=' + search);
  if (asked !== usersAsked) return;
  const { total, users } = answer;
  if (first > 0 && first >= total) {
    $('users').scrollTop = 0;
    return refreshUsers();
  }
  const text = first + ' ' + JSON.stringify(answer);
  if (text === usersShown) return;
  usersShown = text;
  put('users-count', total + (total === 1 ? ' checkout' : ' checkouts'));
  $('users-table').setAttribute('aria-rowcount', String(total + 1));
  const rows = users.map((row, index) => userRow(row, first + index));
  const below = Math.max(0, total - first - users.length);
  $('user-rows').replaceChildren(space(first), ...rows, space(below));
};
let isScrolling = false;
const usersMoved = () => {
  if (isScrolling) return;
  isScrolling = true;
  requestAnimationFrame(() => {
    isScrolling = false;
    refreshUsers().catch(() => {});
  });
};
$('users').addEventListener('scroll', usersMoved, { passive: true });
$('search').addEventListener('input', () => {
  $('users').scrollTop = 0;
  usersMoved();
});
`;
