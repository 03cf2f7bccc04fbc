import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test, { after } from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { byPlatformId, eventually, scripted, startEmulator } from './emulator.mjs';

const { client } = await startEmulator('--any-actor');
const actor = client.actor(scripted);

/** What webhooks delivered, oldest first. */
const received = [];
const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    received.push({ path: request.url, headers: request.headers, body: JSON.parse(body) });
    response.end('ok');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());
const receiver = `http://127.0.0.1:${server.address().port}`;

const delivered = async (path, count = 1) => eventually(async () => {
    const found = received.filter((x) => x.path === path);
    return found.length >= count ? found : undefined;
}, `a webhook to ${path}`);

test('ad-hoc webhooks tell of the start and the end of a run', byPlatformId, async () => {
    const run = await actor.call({ durationMs: 50 }, {
        log: null,
        webhooks: [{
            eventTypes: ['ACTOR.RUN.CREATED', 'ACTOR.RUN.SUCCEEDED'],
            requestUrl: `${receiver}/ad-hoc`,
        }],
    });
    const [created, succeeded] = await delivered('/ad-hoc', 2);
    assert.equal(created.body.eventType, 'ACTOR.RUN.CREATED');
    assert.equal(succeeded.body.eventType, 'ACTOR.RUN.SUCCEEDED');
    assert.equal(succeeded.body.eventData.actorRunId, run.id);
    assert.equal(succeeded.body.resource.status, 'SUCCEEDED');
    assert.ok(succeeded.headers['x-apify-webhook-dispatch-id']);
});

test('a payload is made with its template', byPlatformId, async () => {
    const run = await actor.call({ durationMs: 0 }, {
        log: null,
        webhooks: [{
            eventTypes: ['ACTOR.RUN.SUCCEEDED'],
            requestUrl: `${receiver}/template`,
            payloadTemplate: '{"job":"a/1","id":{{resource.id}},"at":{{createdAt}}}',
        }],
    });
    const [{ body }] = await delivered('/template');
    assert.equal(body.job, 'a/1');
    assert.equal(body.id, run.id);
    assert.ok(Date.parse(body.at));
});

test('a webhook to the API itself pushes to a dataset', byPlatformId, async () => {
    const { id } = await client.datasets().getOrCreate('ledger');
    await actor.call({ durationMs: 0 }, {
        log: null,
        webhooks: [{
            eventTypes: ['ACTOR.RUN.SUCCEEDED'],
            requestUrl: `${client.baseUrl}/datasets/${id}/items`,
            payloadTemplate: '{"status":{{resource.status}}}',
        }],
    });
    const items = await eventually(async () => {
        const page = await client.dataset(id).listItems();
        return page.items.length > 0 && page.items;
    }, 'the ledger');
    assert.deepEqual(items, [{ status: 'SUCCEEDED' }]);
});

test('a webhook is created, read, changed, listed, tested and deleted', async () => {
    const { id: actorId } = await client.actor(scripted).get();
    const webhook = await client.webhooks().create({
        eventTypes: ['ACTOR.RUN.FAILED'],
        condition: { actorId },
        requestUrl: `${receiver}/kept`,
    });
    assert.deepEqual((await client.webhook(webhook.id).get()).condition, { actorId });
    const changed = await client.webhook(webhook.id).update({ eventTypes: ['ACTOR.RUN.ABORTED'] });
    assert.deepEqual(changed.eventTypes, ['ACTOR.RUN.ABORTED']);
    assert.ok((await client.webhooks().list()).items.some((x) => x.id === webhook.id));
    assert.ok((await client.actor(scripted).webhooks().list()).items.some((x) => x.id === webhook.id));
    await client.webhook(webhook.id).test();
    await delivered('/kept');
    await client.webhook(webhook.id).delete();
    assert.equal(await client.webhook(webhook.id).get(), undefined);
});

test('a webhook of an actor hears of its runs, and its dispatches are kept', async () => {
    const { id: actorId } = await client.actor('tester/watched').get();
    const webhook = await client.webhooks().create({
        eventTypes: ['ACTOR.RUN.FAILED'],
        condition: { actorId },
        requestUrl: `${receiver}/watched`,
    });
    await client.actor('tester/watched').call({ durationMs: 0, outcome: 'FAILED' }, { log: null });
    await delivered('/watched');
    const dispatch = await eventually(async () => {
        const { items } = await client.webhook(webhook.id).dispatches().list();
        return items.find((x) => x.status === 'SUCCEEDED');
    }, 'the dispatch');
    assert.equal((await client.webhookDispatch(dispatch.id).get()).webhookId, webhook.id);
    assert.ok((await client.webhookDispatches().list()).items.length > 0);
});

test('the same idempotency key gives the same webhook', async () => {
    const { id: actorId } = await client.actor(scripted).get();
    const wanted = {
        eventTypes: ['ACTOR.RUN.FAILED'],
        condition: { actorId },
        requestUrl: `${receiver}/once`,
        idempotencyKey: 'once',
    };
    const first = await client.webhooks().create(wanted);
    assert.equal((await client.webhooks().create(wanted)).id, first.id);
});

everyAnswerIsDocumented();
