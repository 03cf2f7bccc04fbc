// Reads datasets one after the other with the npm apify-orchestrator:
// read.mjs BASE_URL TOKEN FILE DATASET...
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

import { Orchestrator } from 'apify-orchestrator';

const [baseUrl, token, path, ...ids] = process.argv.slice(2);
const orchestrator = new Orchestrator({ enableLogs: false, persistenceSupport: 'none' });
const client = await orchestrator.apifyClient({ baseUrl, token });
const file = createWriteStream(path);
for (const id of ids) {
    for (let offset = 0, limit = 20_000; ; offset += limit) {
        const { items } = await client.dataset(id).listItems({ offset, limit });
        const text = items.map((item) => `${JSON.stringify(item)}\n`).join('');
        if (!file.write(text)) await once(file, 'drain');
        if (items.length < limit) break;
    }
}
file.end();
await once(file, 'finish');
process.exit(0);
