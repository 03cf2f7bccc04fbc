import assert from 'node:assert/strict';
import test from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { scripted, startEmulator } from './emulator.mjs';

const { client, connect } = await startEmulator('--any-actor');
const actor = client.actor(scripted);
const long = { durationMs: 600_000 };

async function abortAll() {
    const { items } = await client.runs().list({ status: ['READY', 'RUNNING'] });
    for (const run of items) await client.run(run.id).abort();
    for (const run of items) await client.run(run.id).waitForFinish({ waitSecs: 10 });
}

test('more memory than the account has is refused with 402', async () => {
    const { limits } = await client.user('me').limits();
    const wanted = 8192;
    for (let free = limits.maxActorMemoryGbytes * 1024; free >= wanted; free -= wanted)
        await actor.start(long, { memory: wanted });
    await assert.rejects(actor.start(long, { memory: wanted }), {
        statusCode: 402,
        type: 'actor-memory-limit-exceeded',
        message: /exceed the memory limit/,
    });
    const { current } = await client.user('me').limits();
    assert.equal(current.actorMemoryGbytes, limits.maxActorMemoryGbytes);
    await abortAll();
    assert.equal((await client.user('me').limits()).current.actorMemoryGbytes, 0);
});

test('more runs than the account may have is refused with 402', async () => {
    const { limits } = await client.user('me').limits();
    for (let i = 0; i < limits.maxConcurrentActorJobs; ++i)
        await actor.start(long, { memory: 128 });
    await assert.rejects(actor.start(long, { memory: 128 }), {
        statusCode: 402,
        type: 'concurrent-runs-limit-exceeded',
    });
    await abortAll();
});

test('memory that is no power of two is refused with 400', async () => {
    await assert.rejects(actor.start({}, { memory: 300 }), { statusCode: 400 });
    await assert.rejects(actor.start({}, { memory: 64 }), { statusCode: 400 });
});

test('a body that is too large is refused with 413', async () => {
    // Noise, lest compression makes it small.
    const bytes = Buffer.alloc(7_500_000, 0);
    for (let i = 0; i < bytes.length; ++i) bytes[i] = Math.random() * 256;
    const input = { text: bytes.toString('base64') };
    await assert.rejects(actor.start(input), { statusCode: 413, type: 'request-too-large' });
});

test('429 is repeated by the client, and the run starts once', async () => {
    const patient = connect({ maxRetries: 8 });
    const input = { durationMs: 0, fault: 429, faultTimes: 2, key: 'busy' };
    const run = await patient.actor('tester/busy').start(input);
    assert.ok(run.id);
    assert.ok(patient.stats.rateLimitErrors.some((count) => count > 0));
    assert.equal((await client.actor('tester/busy').runs().list()).total, 1);
});

test('500 is repeated by the client', async () => {
    const input = { durationMs: 0, fault: 500, faultTimes: 1, key: 'broken' };
    const run = await client.actor('tester/broken').start(input);
    assert.ok(run.id);
    assert.equal((await client.actor('tester/broken').runs().list()).total, 1);
});

test('an answer that is lost after the run was created makes a client start twice', async () => {
    const input = { durationMs: 0, fault: 'lost', faultTimes: 1, key: 'lost' };
    await client.actor('tester/lost').start(input);
    assert.equal((await client.actor('tester/lost').runs().list()).total, 2);
});

test('one resource takes so many calls a second and no more', async () => {
    const impatient = connect({ maxRetries: 0 });
    const { id } = await actor.call({ durationMs: 0 }, { log: null });
    const calls = Array.from({ length: 200 }, async () => impatient.run(id).get());
    const refused = (await Promise.allSettled(calls)).filter((x) => x.status === 'rejected');
    assert.ok(refused.length > 0);
    assert.equal(refused[0].reason.statusCode, 429);
    assert.equal(refused[0].reason.type, 'rate-limit-exceeded');
});

everyAnswerIsDocumented();
