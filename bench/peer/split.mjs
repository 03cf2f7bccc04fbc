// Cuts a list as the npm apify-orchestrator does before it starts anything:
// split.mjs FILE
import { readFileSync } from 'node:fs';

import { generateInputChunks } from './node_modules/apify-orchestrator/dist/utils/bytes.js';

const sources = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n').map((x) => JSON.parse(x));
const inputs = generateInputChunks(
    sources, (list) => ({ list }), { respectApifyMaxPayloadSize: true }, {});
console.log(JSON.stringify({ parts: inputs.length }));
