import assert from 'node:assert/strict';
import test, { before } from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { scripted, startEmulator } from './emulator.mjs';

const { client } = await startEmulator('--any-actor');
const actor = client.actor(scripted);
const started = [];

before(async () => {
    for (const outcome of ['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'SUCCEEDED'])
        started.push(await actor.call({ durationMs: 0, outcome }, { log: null }));
    started.push(await actor.start({ durationMs: 600_000 }, { memory: 128 }));
});

const ids = ({ items }) => items.map((run) => run.id);

test('runs are listed oldest first, or newest first', async () => {
    const all = started.map((run) => run.id);
    const list = await client.runs().list();
    assert.deepEqual(ids(list), all);
    assert.equal(list.total, 5);
    assert.deepEqual(ids(await client.runs().list({ desc: true })), all.reverse());
});

test('runs are listed page by page', async () => {
    const page = await client.runs().list({ offset: 1, limit: 2 });
    assert.deepEqual(ids(page), [started[1].id, started[2].id]);
    assert.equal(page.total, 5);
    assert.equal(page.count, 2);
    assert.equal(page.offset, 1);
    assert.equal(page.limit, 2);
});

test('runs are listed by one status and by several', async () => {
    assert.deepEqual(ids(await client.runs().list({ status: 'FAILED' })), [started[1].id]);
    const live = await client.runs().list({ status: ['READY', 'RUNNING'] });
    assert.deepEqual(ids(live), [started[4].id]);
});

test('runs are listed by when they were started', async () => {
    const list = await client.runs().list({
        startedAfter: started[1].startedAt,
        startedBefore: started[3].startedAt,
    });
    const within = started.filter((run) => run.startedAt >= started[1].startedAt
        && run.startedAt <= started[3].startedAt);
    assert.deepEqual(ids(list), within.map((run) => run.id));
});

test('runs of one actor are listed', async () => {
    const other = await client.actor('tester/other').call({ durationMs: 0 }, { log: null });
    assert.deepEqual(ids(await client.actor('tester/other').runs().list()), [other.id]);
    assert.equal((await actor.runs().list({ desc: true, limit: 1 })).items[0].id, started[4].id);
});

test('the last run of an actor is found, by status if asked', async () => {
    assert.equal((await actor.lastRun().get()).id, started[4].id);
    assert.equal((await actor.lastRun({ status: 'SUCCEEDED' }).get()).id, started[3].id);
});

test('runs are iterated over all pages', async () => {
    const seen = [];
    for await (const run of client.runs().list({ limit: 5 })) seen.push(run.id);
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen.length, 5);
});

everyAnswerIsDocumented();
