#!/usr/bin/env node
import '../daemon/parent-process.ts';
import { started } from './exit.ts';

await started(async () => (await import('./fauxlm-command-line.ts')).main(process.argv.slice(2)));
