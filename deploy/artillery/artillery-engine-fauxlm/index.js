// Artillery requires `artillery-engine-` and the name that a script has for its engine.
module.exports = require('fauxlm/artillery');
