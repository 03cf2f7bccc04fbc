// Crew's own Worker and WorkerGroup as the workers of a pool: started when
// there is work, stopped when there is none.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startService, waitFor } from './service.mjs';

const folder = mkdtempSync(join(tmpdir(), 'orc-crew-pool-'));
const config = join(folder, 'pool.toml');
let service;

after(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
});

for (const token of ['', 's3cret'])
    test(`workers of Crew in a pool, ${token ? 'with' : 'without'} a token`, async () => {
        writeFileSync(config, `
[pool]
interval = 0.1
[[pool.workers]]
channel = "add"
protocol = "worker"
command = [${JSON.stringify(process.execPath)}, "workers.cjs"]
environment = { CREW_WORK_INTERVAL_IN_MILLISECONDS = "200" }
limit = 1
idle_exit = 1
`);
        service = await startService.with(token ? { ORCHESTRATOR_TOKEN: token } : {}, '--config', config);
        const authorization = `Basic ${Buffer.from(`crew:${token}`).toString('base64')}`;
        const call = async (method, path, body) => {
            const answer = await fetch(`${service.url}/api/v1/${path}`, {
                method,
                headers: { 'content-type': 'application/json', ...(token ? { authorization } : {}) },
                body: body && JSON.stringify(body),
            });
            assert.ok(answer.ok, `${path}: ${answer.status}`);
            return answer.json();
        };
        const workers = async () => (await call('GET', 'pools')).pools[0].types[0].workers;
        assert.equal((await workers()).length, 0);
        const group = await call('POST', 'task_groups', { name: 'pool' });
        const path = `task_group/${group._id}/tasks`;
        const one = await call('POST', path, { name: 'one', channel: 'add', input: { add: 1 } });
        const two = await call('POST', path, { name: 'two', channel: 'add', input: { add: 2 } });
        await call('POST', path, { name: 'sum', channel: 'add', parentIds: [one._id, two._id] });
        const tasks = await waitFor(async () => {
            const all = await call('GET', path);
            return all.every((x) => x.isComplete) && all;
        }, 'all tasks complete');
        assert.deepEqual(tasks.find((x) => x.name === 'sum').output, { sum: 3 });
        await waitFor(async () => (await workers()).length === 0, 'no worker');
        await service.stop();
        service = undefined;
    });
