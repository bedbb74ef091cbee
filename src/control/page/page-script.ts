import { flexnetErrors } from '../../base/flexnet-errors.ts';
import { controlsScript } from './controls-script.ts';
import { plotScript } from './plot-script.ts';
import { shownScript } from './shown-script.ts';
import { timelineScript } from './timeline-script.ts';
import { timesScript } from './times-script.ts';
import { usersScript } from './users-script.ts';

/** Asking the server, with the token that a person gave; and following its events through breaks. */
const base = `'use strict';
const $ = (id) => document.getElementById(id);
const element = (name, text, classes) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (classes) made.className = classes;
  return made;
};
const headersOf = () => {
  const token = sessionStorage.getItem('fauxlm-token');
  return token ? { authorization: 'Bearer ' + token } : {};
};
class Refused extends Error {
  constructor(status, error) {
    super(error.message + ': ' + error.hint);
    this.status = status;
  }
}
const reach = async (path, options) => {
  const response = await fetch(path, options);
  if (response.ok) return response;
  const { error } = await response.json();
  if (response.status === 401) needToken(error.message);
  throw new Refused(response.status, error);
};
const ask = async (path, method, body) => {
  const headers = headersOf();
  if (body) headers['content-type'] = 'application/json';
  const response = await reach(path, {
    method: method || 'GET',
    headers,
    body: body && JSON.stringify(body),
  });
  return response.json();
};
const needToken = (why) => {
  const form = $('token-form');
  if (form.hidden) {
    form.hidden = false;
    $('token').focus();
  }
  $('token-error').textContent = sessionStorage.getItem('fauxlm-token') ? why : '';
};
$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('fauxlm-token', $('token').value.trim());
  $('token').value = '';
  $('token-form').hidden = true;
  retry();
});
const live = (text, isBad) => {
  if ($('live').textContent !== text) $('live').textContent = text;
  $('live').className = isBad ? 'bad' : '';
};
let lastId = 0;
let waitMs = 1000;
let retry = () => {};
const pause = (ms) =>
  new Promise((resolve) => {
    retry = resolve;
    setTimeout(resolve, ms);
  });
const follow = async () => {
  for (;;) {
    try {
      await stream();
    } catch (error) {
      live(error.status === 401 ? 'a token is needed' : 'reconnecting', true);
    }
    await pause(waitMs);
    waitMs = Math.min(2 * waitMs, 10000);
  }
};
const DENIAL_KINDS = 'kind=checkoutDenied,featureUnsupported';
const catchUp = async () => {
  const { count } = await ask('/journal?limit=1&from=999999999');
  const from = Math.max(1, count - 9999);
  const { events, next } = await ask('/journal?limit=10000&' + DENIAL_KINDS + '&from=' + from);
  clearDenials();
  for (const entry of events) noteDenial(entry);
  for (const entry of events.slice(-DENIALS_MAX)) showDenial(entry);
  return next;
};
const stream = async () => {
  const from = lastId === 0 ? await catchUp() : lastId + 1;
  const path = '/journal/stream?' + DENIAL_KINDS + '&from=' + from;
  const response = await reach(path, { headers: headersOf() });
  live('live');
  waitMs = 1000;
  refreshSoon();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error('the stream ended');
    const frames = (rest + value).split('\\n\\n');
    rest = frames.pop();
    for (const frame of frames) takeFrame(frame);
  }
};
const takeFrame = (frame) => {
  const fields = {};
  for (const line of frame.split('\\n')) {
    const at = line.indexOf(': ');
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  if (fields.event === 'reset') {
    lastId = 0;
    clearDenials();
    startTimeline();
  }
  if (fields.event === 'count' || fields.event === 'reset') refreshSoon();
  if (fields.event !== 'journal') return;
  lastId = Number(fields.id);
  const entry = JSON.parse(fields.data);
  noteDenial(entry);
  showDenial(entry);
  refreshSoon();
};
`;

let written: string | undefined;

/** The script of the live page. */
export function pageScript(): string {
  written ??= script();
  return written;
}

function script(): string {
  const words = Object.fromEntries([...flexnetErrors].map(([code, { text }]) => [code, text]));
  const table = `const errorWords = ${JSON.stringify(words)};\n`;
  const parts = [timesScript, timelineScript, plotScript, shownScript, usersScript, controlsScript];
  return [base, table, ...parts, 'follow();\n'].join('');
}
