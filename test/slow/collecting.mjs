// Loaded before a program (`node --import`) whose memory is weighed: collects all garbage every few seconds. Without it
// what a process weighs depends on when V8 last saw a reason to collect, which may be a minute ago or three.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
setInterval(collect, 5_000).unref();
