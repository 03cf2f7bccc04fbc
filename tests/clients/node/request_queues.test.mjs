import assert from 'node:assert/strict';
import test from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { startEmulator } from './emulator.mjs';

const { client } = await startEmulator();
const options = { clientKey: 'worker-one' };

async function newQueue() {
    const { id } = await client.requestQueues().getOrCreate();
    return client.requestQueue(id, options);
}

const request = (n) => ({ url: `http://site.example/${n}`, uniqueKey: `${n}` });
const urls = ({ items }) => items.map((item) => item.url);

test('a request is added once for each unique key', async () => {
    const queue = await newQueue();
    const first = await queue.addRequest(request(1));
    assert.equal(first.wasAlreadyPresent, false);
    const again = await queue.addRequest(request(1));
    assert.deepEqual(again, { ...first, wasAlreadyPresent: true });
    assert.equal((await queue.get()).totalRequestCount, 1);
});

test('the head is what waits, in order, urgent requests first', async () => {
    const queue = await newQueue();
    await queue.addRequest(request(1));
    await queue.addRequest(request(2));
    await queue.addRequest(request(0), { forefront: true });
    const head = await queue.listHead({ limit: 2 });
    assert.deepEqual(urls(head), ['http://site.example/0', 'http://site.example/1']);
});

test('a request is read, handled, and gone from the head', async () => {
    const queue = await newQueue();
    const { requestId } = await queue.addRequest({ ...request(1), userData: { depth: 2 } });
    const read = await queue.getRequest(requestId);
    assert.deepEqual(read.userData, { depth: 2 });
    const info = await queue.updateRequest({ ...read, handledAt: new Date().toISOString() });
    assert.equal(info.wasAlreadyHandled, false);
    assert.deepEqual((await queue.listHead()).items, []);
    assert.equal((await queue.get()).handledRequestCount, 1);
    const again = await queue.addRequest(request(1));
    assert.equal(again.wasAlreadyHandled, true);
});

test('many requests are added in batches', async () => {
    const queue = await newQueue();
    const requests = Array.from({ length: 60 }, (_, n) => request(n));
    const { processedRequests, unprocessedRequests } = await queue.batchAddRequests(requests);
    assert.equal(processedRequests.length, 60);
    assert.equal(unprocessedRequests.length, 0);
    assert.equal((await queue.get()).pendingRequestCount, 60);
});

test('many requests are deleted at once', async () => {
    const queue = await newQueue();
    await queue.batchAddRequests([request(1), request(2), request(3)]);
    const { processedRequests } = await queue.batchDeleteRequests([{ uniqueKey: '1' }, { uniqueKey: '3' }]);
    assert.equal(processedRequests.length, 2);
    assert.deepEqual(urls(await queue.listHead()), ['http://site.example/2']);
});

test('a locked request is nobody else\'s', async () => {
    const queue = await newQueue();
    const other = client.requestQueue((await queue.get()).id, { clientKey: 'worker-two' });
    await queue.batchAddRequests([request(1), request(2), request(3)]);
    const mine = await queue.listAndLockHead({ limit: 2, lockSecs: 60 });
    assert.deepEqual(urls(mine), ['http://site.example/1', 'http://site.example/2']);
    const theirs = await other.listAndLockHead({ limit: 10, lockSecs: 60 });
    assert.deepEqual(urls(theirs), ['http://site.example/3']);
    await assert.rejects(other.prolongRequestLock(mine.items[0].id, { lockSecs: 10 }));
    const longer = await queue.prolongRequestLock(mine.items[0].id, { lockSecs: 120 });
    assert.ok(longer.lockExpiresAt > mine.items[0].lockExpiresAt);
    await queue.deleteRequestLock(mine.items[0].id);
    assert.deepEqual(urls(await other.listAndLockHead({ limit: 10, lockSecs: 60 })), ['http://site.example/1']);
});

test('all locks of a client are given back at once', async () => {
    const queue = await newQueue();
    await queue.batchAddRequests([request(1), request(2)]);
    await queue.listAndLockHead({ limit: 2, lockSecs: 60 });
    assert.equal((await queue.unlockRequests()).unlockedCount, 2);
    assert.equal((await queue.listAndLockHead({ limit: 2, lockSecs: 60 })).items.length, 2);
});

test('all requests are listed, page by page', async () => {
    const queue = await newQueue();
    await queue.batchAddRequests(Array.from({ length: 12 }, (_, n) => request(n)));
    const seen = [];
    for await (const page of queue.paginateRequests({ maxPageLimit: 5 })) seen.push(...urls(page));
    assert.equal(new Set(seen).size, 12);
});

test('a request is deleted', async () => {
    const queue = await newQueue();
    const { requestId } = await queue.addRequest(request(1));
    await queue.deleteRequest(requestId);
    assert.equal(await queue.getRequest(requestId), undefined);
});

test('a queue is renamed, listed and deleted', async () => {
    const { id } = await client.requestQueues().getOrCreate('short-lived');
    assert.equal((await client.requestQueue(id).update({ name: 'renamed' })).name, 'renamed');
    assert.ok((await client.requestQueues().list()).items.some((x) => x.id === id));
    await client.requestQueue(id).delete();
    assert.equal(await client.requestQueue(id).get(), undefined);
});

everyAnswerIsDocumented();
