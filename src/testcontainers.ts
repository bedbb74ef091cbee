/**
 * fauxlm in a container, for testcontainers: `import { FauxlmContainer } from 'fauxlm/testcontainers'`.
 * @packageDocumentation
 */
export { FauxlmContainer, StartedFauxlmContainer } from './testing/fauxlm-container.ts';
