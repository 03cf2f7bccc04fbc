// The gateway of a service, by clients that know nothing of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { promisify } from 'node:util';

import { connectTo, scripted, startEmulator, startService } from './emulator.mjs';

const platform = await startEmulator('--any-actor', '--user', 'tester:emulator-token:1024:100');
const service = await startService(platform.platformUrl);

async function stats() {
    return (await fetch(`${platform.platformUrl}/emulator/stats`)).json();
}

test('200 calls at once on an account that fits 8 start 200 runs', async () => {
    const before = await stats();
    const client = connectTo(service.url, { maxRetries: 0 });
    const calls = Array.from({ length: 200 }, (_, i) => client.actor(scripted).call(
        { durationMs: 100, items: 1, number: i }, { memory: 128, log: null }));
    const runs = await Promise.all(calls);
    assert.ok(runs.every((run) => run.status === 'SUCCEEDED'));
    assert.equal(new Set(runs.map((run) => run.id)).size, 200);
    const pages = await Promise.all(runs.map(
        (run) => client.dataset(run.defaultDatasetId).listItems()));
    assert.ok(pages.every((page) => page.items.length === 1));
    const now = await stats();
    assert.equal(now.runsStarted - before.runsStarted, 200);
});

test('a script for the npm apify-orchestrator needs another baseUrl only', async () => {
    const before = await stats();
    const script = fileURLToPath(new URL('npm_orchestrator.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(
        process.execPath, [script, service.url, 'emulator-token'], { timeout: 120_000 });
    const told = JSON.parse(stdout.trim().split('\n').at(-1));
    assert.deepEqual(told, { succeeded: 30, items: 60, joined: true, parts: 1 });
    const now = await stats();
    assert.equal(now.runsStarted - before.runsStarted, 31);
});
