// What `require('fauxlm/artillery')` gives: bundled as CommonJS, since Artillery calls `new` on what it requires.
export { ArtilleryEngine as default } from './artillery-engine.ts';
