// What a user of the npm apify-orchestrator may have written, but for the
// baseUrl: npm_orchestrator.mjs BASE_URL TOKEN
import { Orchestrator } from 'apify-orchestrator';

const [baseUrl, token] = process.argv.slice(2);
const orchestrator = new Orchestrator({ enableLogs: false, persistenceSupport: 'none' });
const client = await orchestrator.apifyClient({ baseUrl, token });
const actor = client.actor('tester/scripted');

// More than the account fits at a time.
const requests = Array.from({ length: 30 }, (_, i) => ({
    runName: `run-${i}`,
    input: { durationMs: 100, items: 2 },
    options: { memory: 128 },
}));
const runs = await actor.callRuns(...requests);
const succeeded = runs.filter((run) => run.status === 'SUCCEEDED').length;

let items = 0;
for (const run of runs) {
    const page = await client.dataset(run.defaultDatasetId).listItems();
    items += page.items.length;
}

const again = await actor.call({ durationMs: 100, items: 2 }, { runName: 'run-0', memory: 128 });
const joined = again.id === runs[0].id;

const sources = Array.from({ length: 5 }, (_, i) => ({ url: `https://example.com/${i}` }));
const parts = await actor.callBatch('part', sources,
    (urls) => ({ durationMs: 50, urls }), { respectApifyMaxPayloadSize: true },
    { memory: 128 });

console.log(JSON.stringify({ succeeded, items, joined, parts: parts.length }));
// Its scheduler's interval would keep the process alive.
process.exit(0);
