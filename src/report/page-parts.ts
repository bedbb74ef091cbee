/** Light and dark, as the browser wants it. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #59636e;
  --a: #0969da; --b: #1a7f37; --c: #cf222e; --d: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #3d444d; --soft: #9198a1;
  --a: #4493f8; --b: #3fb950; --c: #f85149; --d: #d29922; } }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 1000px; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h1 span { font-size: 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { border-bottom: 1px solid var(--line); padding: .2rem .7rem; text-align: right; }
td:first-child, th:first-child { text-align: left; padding-left: 0; }
small { color: var(--soft); }
pre { overflow-x: auto; }
.ok, .kept { color: var(--b); } .broken, .unreachable { color: var(--c); }
.inconclusive, .deadline, .interrupted { color: var(--d); }
#charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); gap: 1rem; }
#charts > div { min-width: 0; }
.wide { overflow-x: auto; }
.u-legend { font-size: 12px; }
`;

/** Draws the charts, and again when the browser goes from light to dark or gets another width. */
export const chartScript = `
const series = JSON.parse(document.getElementById('series').textContent);
const charts = document.getElementById('charts');
const dark = matchMedia('(prefers-color-scheme: dark)');
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
function chart(title, x, lines, more) {
  const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 0.5 }, ticks: { stroke: color('line') } };
  const cell = charts.appendChild(document.createElement('div'));
  const width = cell.clientWidth;
  new uPlot({
    title, width, height: 240, cursor: { drag: { x: true, y: false } },
    scales: Object.assign({ x: { time: false } }, more && more.scales),
    axes: [Object.assign({}, axis, more && more.x), Object.assign({}, axis, { size: 60 })],
    series: [Object.assign({ label: 'second' }, more && more.head)].concat(lines.map(([label, key, paint]) =>
      ({ label, stroke: color(paint), width: 1.5, spanGaps: true, points: { show: x.length < 3 } }))),
  }, [x].concat(lines.map(([, key]) => series[key])), cell);
}
function draw() {
  charts.replaceChildren();
  chart('sessions a second', series.at, [['begun', 'started', 'a'], ['granted', 'granted', 'b'],
    ['denied', 'denied', 'c'], ['failed', 'failed', 'd']]);
  chart('in use at the end of each interval', series.at, [['sessions', 'inUse', 'a']]);
  chart('response, ms', series.at, [['p50', 'p50', 'b'], ['p99', 'p99', 'a'], ['max', 'max', 'c']]);
  const share = (halvings) =>
    halvings === 0 ? 'min' : 'p' + +(100 * (1 - Math.pow(0.5, halvings))).toFixed(Math.floor(halvings / 3));
  const curves = [['response', 'response', 'a'], ['service', 'service', 'b']];
  chart('response and service by quantile, ms', series.halvings, curves, {
    scales: { y: { distr: 3 } },
    x: { space: 60, incrs: [1, 2, 3, 5],
      values: (_, splits) => splits.map((each) => Number.isInteger(each) ? share(each) : '') },
    head: { label: 'quantile', value: (_, each) => each == null ? '' : share(each) },
  });
}
draw();
dark.addEventListener('change', draw);
let drawnAt = charts.clientWidth;
addEventListener('resize', () => {
  if (charts.clientWidth !== drawnAt) draw();
  drawnAt = charts.clientWidth;
});
`;
