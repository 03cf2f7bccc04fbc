// Leads COUNT runs of emulator/scripted to their ends with the npm
// apify-orchestrator: runs.mjs BASE_URL TOKEN COUNT MEMORY_MBYTES
import { Orchestrator } from 'apify-orchestrator';

const [baseUrl, token, count, memory] = process.argv.slice(2);
const orchestrator = new Orchestrator({ enableLogs: false, persistenceSupport: 'none' });
const client = await orchestrator.apifyClient({ baseUrl, token });
const requests = Array.from({ length: Number(count) }, (_, i) => ({
    runName: `run-${i}`,
    input: {},
    options: { memory: Number(memory) },
}));
const runs = await client.actor('emulator/scripted').callRuns(...requests);
const succeeded = runs.filter((run) => run.status === 'SUCCEEDED').length;
console.log(JSON.stringify({ succeeded }));
// Its scheduler's interval would keep the process alive.
process.exit(succeeded === Number(count) ? 0 : 1);
