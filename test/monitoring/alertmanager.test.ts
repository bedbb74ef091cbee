import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ended, Folder, until } from '../e2e/processes.ts';
import { Receivers } from './receivers.ts';
import { checked, toolPath } from './tools.ts';

const configFile = 'deploy/alertmanager/alertmanager.yml';
const amtool = toolPath('amtool');
const alertmanager = toolPath('prometheus-alertmanager');
const needs = '(needs Debian: prometheus-alertmanager)';

test.skipIf(amtool === undefined)(`amtool finds nothing wrong ${needs}`, async () => {
  const { status, text } = await checked(amtool!, ['check-config', configFile]);
  expect(status, text).toBe(0);
});

test.skipIf(amtool === undefined).each([
  ['warning', 'chat'],
  ['critical', 'mail-and-webhook,chat'],
  ['escalated', 'on-call'],
])(`%s goes to %s ${needs}`, async (severity, receivers) => {
  const words = ['config', 'routes', 'test', `--config.file=${configFile}`];
  const { text } = await checked(amtool!, [...words, `severity=${severity}`]);
  expect(text.split('\n')[0]).toBe(receivers);
});

/** The file as it is, with receivers on this machine, and without the waits that gather alerts. */
function configFor({ url, smarthost }: Receivers): string {
  return readFileSync(configFile, 'utf8')
    .replace('mail.example:587', smarthost)
    .replace('smtp_require_tls: true', 'smtp_require_tls: false')
    .replace('https://chat.example/hooks/licenses', `${url}/chat`)
    .replaceAll('http://alerts:8099', url)
    .replaceAll(/group_wait: \d+s/g, 'group_wait: 0s')
    .replace('/etc/alertmanager/*.tmpl', resolve('deploy/alertmanager/fauxlm.tmpl'));
}

test.skipIf(alertmanager === undefined)(
  `a critical alert reaches mail, webhook and chat, an escalated one those on call ${needs}`,
  async () => {
    await using receivers = await Receivers.start();
    using folder = new Folder();
    const words = [
      `--config.file=${folder.file('alertmanager.yml', configFor(receivers))}`,
      `--storage.path=${folder.at('data')}`,
      ...['--web.listen-address=127.0.0.1:0', '--cluster.listen-address='],
    ];
    const child = spawn(alertmanager!, words, { cwd: folder.path });
    const over = ended(child);
    try {
      const url = await listening(child.stderr);
      await post(url, { alertname: 'VendorDaemonDown', severity: 'critical' });
      await post(url, { alertname: 'Unattended', severity: 'escalated', cause: 'QuorumLost' });
      await post(url, { alertname: 'LicenseExpiresSoon', severity: 'warning' });
      await until(() => receivers.delivered.length >= 7);
    } finally {
      child.kill();
      await over;
    }
    const told = receivers.delivered.map(({ to, text }) => [to, alertIn(text)].join(': '));
    expect(told.sort()).toEqual([
      '/: VendorDaemonDown',
      '/chat: LicenseExpiresSoon',
      '/chat: Unattended',
      '/chat: VendorDaemonDown',
      '/escalated: Unattended',
      'mail license-admins@mail.example: VendorDaemonDown',
      'mail on-call@mail.example: Unattended',
    ]);
    for (const { to, text } of receivers.delivered) expect(text, to).toContain('acmed is no more');
    const mail = receivers.delivered.find(({ to }) => to.startsWith('mail license-admins'))!;
    expect(mail.text).toMatch(/^Subject: FIRING VendorDaemonDown on alpha:8080$/m);
  },
);

/** The address that it says it listens on. */
function listening(log: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  return new Promise((found, failed) => {
    log.on('data', (part) => {
      text += part;
      const [, address] = /msg="?Listening on"? address=(\S+)/i.exec(text) ?? [];
      if (address !== undefined) found(`http://${address}`);
    });
    log.once('end', () => failed(new Error(text)));
  });
}

async function post(url: string, own: Readonly<Record<string, string>>): Promise<void> {
  const labels = { ...own, instance: 'alpha:8080', vendor: 'acmed' };
  const annotations = { summary: 'acmed is no more', description: 'd', runbook: 'r' };
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels, annotations }]),
  });
  expect(response.status).toBe(200);
}

function alertIn(text: string): string | undefined {
  return /VendorDaemonDown|Unattended|LicenseExpiresSoon/.exec(text)?.[0];
}
