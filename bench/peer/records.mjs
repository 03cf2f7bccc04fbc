// Makes the records of tests/persistence/npm_records with the npm library
// itself, as an Apify actor does: records.mjs TARGET_FOLDER
//
// A small server stands for the platform: it answers what the library asks and
// keeps the records that it puts.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const [target] = process.argv.slice(2);
const records = new Map();
let started = 0;

function answer(request, body) {
    const path = request.url.split('?')[0];
    const key = path.match(/records\/(.+)$/)?.[1];
    if (key && request.method === 'PUT') {
        records.set(decodeURIComponent(key), body);
        return [201, {}];
    }
    if (key) return [404, { error: { type: 'record-not-found', message: 'no' } }];
    if (request.method === 'POST' && path.endsWith('/runs')) {
        started += 1;
        return [201, { data: run(started) }];
    }
    const id = path.match(/actor-runs\/npm-run-(\d+)/)?.[1];
    if (id) return [200, { data: run(Number(id)) }];
    if (path.includes('/actor-runs/')) return [200, { data: run(9) }];
    return [200, { data: { id: 'store', name: 'store', userId: 'user' } }];
}

// The first run fails, so that the library starts another under its name.
function run(number) {
    return {
        id: `npm-run-${number}`, actId: 'scripted', userId: 'user', status: number === 1 ? 'FAILED' : 'SUCCEEDED',
        startedAt: `2026-11-27T10:00:0${number}.000Z`, finishedAt: '2026-11-27T10:01:00.000Z',
        defaultDatasetId: `dataset-${number}`, defaultKeyValueStoreId: `store-${number}`, defaultRequestQueueId: `queue-${number}`,
        options: {}, stats: {}, meta: {},
    };
}

const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const decode = { br: brotliDecompressSync, gzip: gunzipSync }[request.headers['content-encoding']];
    const body = Buffer.concat(chunks);
    const [status, value] = answer(request, (decode ? decode(body) : body).toString());
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const url = `http://127.0.0.1:${server.address().port}`;
Object.assign(process.env, {
    APIFY_IS_AT_HOME: '1', APIFY_TOKEN: 'token', APIFY_API_BASE_URL: url, APIFY_API_PUBLIC_BASE_URL: url,
    ACTOR_RUN_ID: 'parent', ACTOR_DEFAULT_KEY_VALUE_STORE_ID: 'store', APIFY_DEFAULT_KEY_VALUE_STORE_ID: 'store',
    APIFY_PERSIST_STATE_INTERVAL_MILLIS: '200',
});

const { Actor } = await import('apify');
const { Orchestrator } = await import('apify-orchestrator');
await Actor.init({ gracefulShutdown: false });

async function leaveRecord(persistenceEncryptionKey) {
    started = 0;
    const orchestrator = new Orchestrator({ enableLogs: false, persistenceSupport: 'kvs', persistencePrefix: 'TEST-', persistenceEncryptionKey });
    const client = await orchestrator.apifyClient({ name: persistenceEncryptionKey ? 'sealed' : 'plain', baseUrl: url, token: 'token' });
    const actor = client.actor('emulator/scripted');
    for (const runName of ['job-1/2', 'job-1/2', 'job-2/2'])
        await actor.call({ key: runName }, { runName });
}

await leaveRecord(undefined);
await leaveRecord('correct horse');
await new Promise((resolve) => { setTimeout(resolve, 1000); });
for (const [key, body] of records)
    if (key.endsWith('-RUNS')) await writeFile(`${target}/${key.includes('sealed') ? 'sealed' : 'plain'}.json`, body);
process.exit(records.size > 0 ? 0 : 1);
