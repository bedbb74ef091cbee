import { z } from 'zod';
import { KnownError } from '../base/errors.ts';

/**
 * A text that `parse` takes. What it throws is the message, without the place that it names: the file's own place is
 * told in front of it.
 */
export function parsedText(parse: (text: string) => unknown, description: string) {
  return z
    .string()
    .superRefine((text, context) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof KnownError)) throw error;
        const message = error.message.replace(/^(?!expected)[^:]{1,40}: (?=expected)/, '');
        context.addIssue({ code: 'custom', message });
      }
    })
    .describe(description);
}
