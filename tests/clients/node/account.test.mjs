import assert from 'node:assert/strict';
import test from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { startEmulator } from './emulator.mjs';

const emulator = await startEmulator();
const { client, connect } = emulator;

test('a user has a name and a plan', async () => {
    const me = await client.user('me').get();
    assert.match(me.id, /^[A-Za-z0-9]+$/);
    assert.ok(me.username);
    assert.ok(me.plan.maxActorMemoryGbytes > 0);
});

test('the limits of an account are told, and what is used of them', async () => {
    const { limits, current, monthlyUsageCycle } = await client.user('me').limits();
    assert.ok(limits.maxActorMemoryGbytes > 0);
    assert.ok(limits.maxConcurrentActorJobs > 0);
    assert.equal(current.actorMemoryGbytes, 0);
    assert.equal(current.activeActorJobCount, 0);
    assert.ok(monthlyUsageCycle.startAt);
});

test('a wrong token is refused', async () => {
    const stranger = connect({ token: 'wrong' });
    await assert.rejects(stranger.user('me').get(), { statusCode: 401, name: 'ApifyApiError' });
});

test('no token is refused', async () => {
    const nobody = connect({ token: undefined });
    await assert.rejects(nobody.user('me').limits(), { statusCode: 401, type: 'token-not-provided' });
});

test('what is not there is undefined or an error with a type', async () => {
    assert.equal(await client.actor('nobody/nothing-such').get(), undefined);
    assert.equal(await client.run('AAAAAAAAAAAAAAAAA').get(), undefined);
    assert.equal(await client.dataset('AAAAAAAAAAAAAAAAA').get(), undefined);
    await assert.rejects(client.run('AAAAAAAAAAAAAAAAA').abort(), { statusCode: 404 });
});

everyAnswerIsDocumented();
