import type { Argv } from 'yargs';
import type { CheckoutArguments } from './checkout-arguments.ts';
import { withExamples } from './examples.ts';

/** The flags of `fauxlm checkout` and its help. */
export function checkoutFlags(yargs: Argv): Argv<CheckoutArguments> {
  return withExamples(yargs, [
    ['checkout FLUENT -- ./solve.sh', 'hold a seat while it runs'],
    ['checkout FLUENT -n 4', 'hold four until Ctrl-C'],
    ['checkout FLUENT --borrow 3d', 'take one along for three days'],
  ])
    .positional('feature', { type: 'string', demandOption: true, describe: 'what to check out' })
    .options({
      n: {
        alias: 'count',
        type: 'string',
        default: '1',
        requiresArg: true,
        describe: 'licenses to take',
      },
      V: {
        alias: 'feature-version',
        type: 'string',
        default: '0.0',
        requiresArg: true,
        describe: 'version that must be licensed',
      },
      c: {
        alias: 'license-path',
        type: 'string',
        requiresArg: true,
        describe: 'port@host, files or directories, instead of the environment',
      },
      vendor: word('vendor daemon [those of the server that have the feature, in its order]'),
      user: word('user to check out as [the one of this process]'),
      host: word('host to check out as [this machine]'),
      display: word('display to check out as [this terminal]'),
      node: word('node or CPU of a parallel build that takes the seats'),
      'remote-desktop': {
        type: 'boolean',
        describe: 'say that this is a remote-desktop session [what SESSIONNAME says]',
      },
      wait: {
        type: 'boolean',
        default: false,
        describe: 'when all are in use, wait in the queue until they are not',
      },
      borrow: word('take it along: for 20h or 3d, or until 9-mar-2031:18:30'),
      idle: {
        type: 'boolean',
        default: false,
        describe: "say that the application is not in use, so that the daemon's TIMEOUT runs",
      },
      json: {
        type: 'boolean',
        default: false,
        describe: 'tell the outcome as one line of JSON on standard output',
      },
    })
    .epilogue(epilogue) as unknown as Argv<CheckoutArguments>;
}

/** A flag with a text behind it. */
function word(describe: string) {
  return { type: 'string', requiresArg: true, describe } as const;
}

const epilogue = [
  'Holds the seats while the command behind -- runs and passes on its exit status; without one,',
  'until Ctrl-C. Exit status 6: denied; 3: no license server or vendor daemon there.',
  'If the server goes away the command goes on, and the seats are asked for again.',
  'Killed by SIGKILL, fauxlm loses the seats at once, but its command may live on.\n',
  'A borrowed license is written down in ~/.fauxlmborrow and serves without its server until',
  'its end. Nothing holds it: without a command, --borrow is done at once.\n',
  'Environment: VENDOR_LICENSE_FILE, LM_LICENSE_FILE, LM_PROJECT, FLEXLM_DIAGNOSTICS (1 to 3),',
  'FLEXLM_TIMEOUT (microseconds), VENDOR_LMD_DEBUG (file for the client debug log), LM_BORROW.',
]
  .join(' ')
  .replaceAll('\n ', '\n');
