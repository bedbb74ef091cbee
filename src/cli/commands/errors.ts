import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { type FlexnetError, flexnetErrors } from '../../base/flexnet-errors.ts';
import { provocations } from '../../base/flexnet-provocations.ts';
import { withExamples } from '../examples.ts';

interface ErrorsArguments {
  readonly code: string | undefined;
  readonly json: boolean;
  /** Words behind a lone `--`. */
  readonly '--'?: readonly string[];
}

/** `fauxlm errors [CODE]`: FlexNet's error codes in words. */
export const errorsCommand: CommandModule<object, ErrorsArguments> = {
  command: 'errors [code]',
  describe: "explain FlexNet's error codes",
  builder: ((yargs: Argv) =>
    withExamples(yargs, [
      ['errors -4', 'what -4 means and what it comes from'],
      ['errors --json', 'all of them, for programs'],
    ])
      .positional('code', { type: 'string', describe: 'such as -4; without it, all of them' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
      // yargs would take -4 for a flag.
      .parserConfiguration({ 'negative-number': true, 'populate--': true } as never)) as never,
  handler: ({ code, json, '--': behind = [] }) => {
    const rows = chosen(code ?? behind[0]).map(explained);
    process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : rows.map(render).join(''));
  },
};

function chosen(code: string | undefined): readonly FlexnetError[] {
  if (code === undefined) return [...flexnetErrors.values()];
  // A whole reason pasted in is as good as its code: "(-4,342)" or "-4,342".
  const [, sign, digits] = /^\(?\s*([+-]?)(\d{1,4})(?!\d)/.exec(String(code)) ?? [];
  // Few know that the codes are negative; without a sign those of activation are meant no less.
  const codes = sign === '' ? [-Number(digits), Number(digits)] : [Number(`${sign}${digits}`)];
  const rows = codes.flatMap((each) => flexnetErrors.get(each) ?? []);
  if (rows.length > 0) return rows;
  const text = `expected a FlexNet error code such as -4 (see fauxlm errors), got "${code}"`;
  throw new KnownError('USAGE', text);
}

/** An error with what brings it about; fauxlm never answers with one that has nothing. */
interface ExplainedError extends FlexnetError {
  readonly provoke?: string;
}

function explained(error: FlexnetError): ExplainedError {
  const provoke = provocations.get(error.code);
  return { ...error, ...(provoke === undefined ? {} : { provoke }) };
}

function render({ code, name, group, text, cause, provoke }: ExplainedError): string {
  const how = provoke ?? 'fauxlm never answers with this';
  return `${String(code).padStart(4)}  ${name} (${group})
      ${text}
      usual cause: ${cause}
      to provoke it: ${how}
`;
}
