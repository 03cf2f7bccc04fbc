import assert from 'node:assert/strict';
import test from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { eventually, scripted, startEmulator, throughService } from './emulator.mjs';

const { client } = await startEmulator('--any-actor');
const actor = client.actor(scripted);

/** Starts a run that lasts until it is aborted, for all a test cares. */
async function startLong(options = {}) {
    const run = await actor.start({ durationMs: 600_000 }, { memory: 128, ...options });
    await eventually(async () => (await client.run(run.id).get()).status === 'RUNNING', 'RUNNING');
    return run;
}

test('start answers at once with the run as it was asked for', async () => {
    const run = await actor.start({ durationMs: 1_000, key: 'options' }, {
        build: 'latest',
        memory: 256,
        timeout: 60,
        maxItems: 10,
        maxTotalChargeUsd: 1.5,
        restartOnError: false,
    });
    assert.ok(['READY', 'RUNNING'].includes(run.status));
    assert.equal(run.options.memoryMbytes, 256);
    assert.equal(run.options.timeoutSecs, 60);
    assert.equal(run.options.maxItems, 10);
    assert.equal(run.options.maxTotalChargeUsd, 1.5);
    const agent = throughService ? /^ApifyOrchestrator/ : /ApifyClient/;
    assert.match(run.meta.userAgent ?? '', agent);
});

test('the input of a run is its record INPUT', async () => {
    const input = { durationMs: 0, nested: { list: [1, 2, 3] } };
    const run = await actor.start(input);
    const record = await client.keyValueStore(run.defaultKeyValueStoreId).getRecord('INPUT');
    assert.deepEqual(record.value, input);
});

test('an input of another type is kept as it is', async () => {
    const run = await actor.start('plain text', { contentType: 'text/plain' });
    const store = client.keyValueStore(run.defaultKeyValueStoreId);
    const record = await store.getRecord('INPUT');
    assert.equal(record.value, 'plain text');
    assert.match(record.contentType, /^text\/plain/);
});

test('start waits for the end as long as it is told', async () => {
    const run = await actor.start({ durationMs: 100 }, { waitForFinish: 30 });
    assert.equal(run.status, 'SUCCEEDED');
    assert.ok(run.finishedAt instanceof Date);
});

test('call returns the finished run', async () => {
    const run = await actor.call({ durationMs: 100, items: 3 }, { memory: 128, log: null });
    assert.equal(run.status, 'SUCCEEDED');
    assert.equal(run.exitCode, 0);
    const { items } = await client.dataset(run.defaultDatasetId).listItems();
    assert.equal(items.length, 3);
});

test('a run that fails says so', async () => {
    const run = await actor.call({ durationMs: 10, outcome: 'FAILED', exitCode: 7 }, { log: null });
    assert.equal(run.status, 'FAILED');
    assert.equal(run.exitCode, 7);
});

test('a run that takes too long is timed out', async () => {
    const run = await actor.call({ durationMs: 60_000 }, { timeout: 1, log: null });
    assert.equal(run.status, 'TIMED-OUT');
});

test('a wait ends when its time is up', async () => {
    const run = await startLong();
    const waited = await client.run(run.id).waitForFinish({ waitSecs: 1 });
    assert.equal(waited.status, 'RUNNING');
    await client.run(run.id).abort();
});

test('an aborted run ends as ABORTED, and aborting it again changes nothing', async () => {
    const run = await startLong();
    const aborting = await client.run(run.id).abort();
    assert.ok(['ABORTING', 'ABORTED'].includes(aborting.status));
    const ended = await client.run(run.id).waitForFinish({ waitSecs: 10 });
    assert.equal(ended.status, 'ABORTED');
    assert.equal((await client.run(run.id).abort()).status, 'ABORTED');
});

test('a graceful abort ends as ABORTED, too', async () => {
    const run = await startLong();
    await client.run(run.id).abort({ gracefully: true });
    const ended = await client.run(run.id).waitForFinish({ waitSecs: 40 });
    assert.equal(ended.status, 'ABORTED');
});

test('a finished run is resurrected with its id and storages', async () => {
    const input = { durationMs: 10, outcome: 'FAILED', resurrectedOutcome: 'SUCCEEDED' };
    const run = await actor.call(input, { memory: 128, log: null });
    const again = await client.run(run.id).resurrect({ memory: 256, timeout: 100 });
    assert.equal(again.id, run.id);
    assert.equal(again.defaultDatasetId, run.defaultDatasetId);
    assert.equal(again.options.memoryMbytes, 256);
    const ended = await client.run(run.id).waitForFinish({ waitSecs: 10 });
    assert.equal(ended.status, 'SUCCEEDED');
    assert.equal(ended.stats.resurrectCount, 1);
});

test('a running run is not resurrected', async () => {
    const run = await startLong();
    await assert.rejects(client.run(run.id).resurrect(), { statusCode: 400 });
    await client.run(run.id).abort();
});

test('a running run is rebooted, a finished one is not', async () => {
    const run = await startLong();
    await client.run(run.id).reboot();
    await eventually(async () => (await client.run(run.id).get()).stats.rebootCount === 1, 'reboot');
    await client.run(run.id).abort();
    await client.run(run.id).waitForFinish({ waitSecs: 10 });
    await assert.rejects(client.run(run.id).reboot(), { statusCode: 403, type: 'job-finished' });
});

test('a status message is kept', async () => {
    const run = await startLong();
    await client.run(run.id).update({ statusMessage: 'half way', isStatusMessageTerminal: false });
    const read = await client.run(run.id).get();
    assert.equal(read.statusMessage, 'half way');
    await client.run(run.id).abort();
});

test('a log is read and followed to its end', async () => {
    const run = await actor.start({ durationMs: 300 });
    const stream = await client.log(run.id).stream();
    let followed = '';
    for await (const piece of stream) followed += piece;
    const log = await client.run(run.id).log().get();
    assert.equal(followed, log);
    assert.match(log, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
});

test('a finished run is deleted, a running one is not', async () => {
    const run = await startLong();
    await assert.rejects(client.run(run.id).delete(), { statusCode: 400, type: 'cannot-remove-running-run' });
    await client.run(run.id).abort();
    await client.run(run.id).waitForFinish({ waitSecs: 10 });
    await client.run(run.id).delete();
    assert.equal(await client.run(run.id).get(), undefined);
});

test('the storages of a run are reached through it', async () => {
    const run = await actor.call({ durationMs: 0, items: 2 }, { log: null });
    const items = await client.run(run.id).dataset().listItems();
    assert.equal(items.total, 2);
    const input = await client.run(run.id).keyValueStore().getRecord('INPUT');
    assert.equal(input.value.items, 2);
    assert.equal((await client.run(run.id).requestQueue().get()).id, run.defaultRequestQueueId);
});

everyAnswerIsDocumented();
