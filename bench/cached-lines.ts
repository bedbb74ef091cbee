/** The floor of a listing: reads a report's lines once, and prints them from there. `node cached-lines.js FILE` */
import { readFileSync } from 'node:fs';

const LINES_A_WRITE = 256;

const lines = readFileSync(process.argv[2]!, 'latin1').split('\n');
for (let at = 0; at < lines.length; at += LINES_A_WRITE) {
  process.stdout.write(`${lines.slice(at, at + LINES_A_WRITE).join('\n')}\n`, 'latin1');
}
