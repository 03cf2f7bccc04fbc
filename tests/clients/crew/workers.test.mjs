// Crew's Worker and WorkerGroup, and its demo workers in JavaScript.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, startService, waitFor } from './service.mjs';

let service;
let workers;

before(async () => {
    service = await startService();
    workers = await launch('node', ['workers.cjs'], {
        CREW_API_BASE_URL: `${service.url}/`,
        CREW_WORK_INTERVAL_IN_MILLISECONDS: '200',
    }, /workers of 2/);
});

after(async () => {
    await workers?.stop('SIGKILL');
    await service?.stop();
});

const all = (group) => waitFor(async () => {
    const tasks = await service.tasks(group);
    return tasks.every((x) => x.isComplete) && tasks;
}, 'all tasks complete');

const byName = (tasks) => Object.fromEntries(tasks.map((x) => [x.name, x]));

test('a graph is worked off, parents before children', async () => {
    const group = await service.group();
    const one = await service.create(group, { name: 'one', channel: 'add', input: { add: 1 } });
    const two = await service.create(group, { name: 'two', channel: 'add', input: { add: 2 } });
    await service.create(group, { name: 'sum', channel: 'add', parentIds: [one._id, two._id] });
    const tasks = byName(await all(group));
    assert.deepEqual(tasks.sum.output, { sum: 3 });
});

test('a worker makes children', async () => {
    const group = await service.group();
    await service.create(group, {
        name: 'parent',
        channel: 'add',
        input: {
            add: 5,
            children: [
                { name: 'last', channel: 'add', _parent_ids: ['first'], input: { add: 1 } },
                { name: 'first', channel: 'add', _child_id: 'first', input: { add: 10 } },
            ],
        },
    });
    await waitFor(async () => (await service.tasks(group)).length === 3, 'children');
    const tasks = byName(await all(group));
    assert.deepEqual(tasks.first.output, { sum: 15 });
    assert.deepEqual(tasks.last.output, { sum: 16 });
});

test('what a worker throws is an error of the task', async () => {
    const group = await service.group();
    const task = await service.create(group, {
        name: 'bad', channel: 'add', input: { throw: 'no luck' }, remainingAttempts: 2,
        errorDelayInSeconds: 0,
    });
    const dead = await waitFor(async () => {
        const now = await service.call('GET', `task/${task._id}`);
        return now.remainingAttempts === 0 && now;
    }, 'two failures');
    assert.deepEqual(dead.errors, ['no luck', 'no luck']);
    const given = await service.call('GET', 'dead_tasks?channel=add');
    assert.deepEqual(given.map((x) => x._id), [task._id]);
});

test('a worker that is told to slow down delays its workgroup', async () => {
    const group = await service.group();
    await service.call('POST', `task_group/${group._id}/pause`);
    const other = await service.create(group, {
        name: 'other', channel: 'elsewhere', workgroup: 'site', input: {},
    });
    await service.create(group, {
        name: 'limited', channel: 'add', workgroup: 'site', input: { limited: true },
    });
    await service.call('POST', `task_group/${group._id}/resume`);
    await waitFor(async () => (await service.call('GET', `task/${other._id}`)).runAfter,
        'the delay');
});

test('a group of workers ends as Crew ends it', async () => {
    const more = await launch('node', ['workers.cjs'], {
        CREW_API_BASE_URL: `${service.url}/`,
        CREW_WORK_INTERVAL_IN_MILLISECONDS: '200',
    }, /asking for task/);
    await more.stop('SIGTERM');
    assert.match(more.output(), /All workers stopped/);
});

test('the demo workers do their graph', async () => {
    const demo = await launch('node', ['node_modules/.bin/crew', 'work', '-u', `${service.url}/`], {
        CREW_WORK_INTERVAL_IN_MILLISECONDS: '200',
    }, /asking for task/);
    try {
        const group = await service.group('demo');
        await service.create(group, { name: 'B', channel: 'worker_b', input: {} });
        await service.create(group, { name: 'bad', channel: 'worker_b', input: { throw: 'x' } });
        await service.create(group, { name: 'C', channel: 'worker_c', input: {} });
        const tasks = await waitFor(async () => {
            const found = byName(await service.tasks(group));
            return found['Child A'] && found.B.isComplete && found.bad.errors.length > 0 && found;
        }, 'the children of worker C', 60);
        assert.equal(tasks.B.output.message, 'Worker B did it!');
        assert.deepEqual(tasks.bad.errors, ['x']);
        assert.equal(tasks['Child A'].key, 'same_key');
        // childrenDelay 60, however short their own wait was.
        for (const name of ['Child A', 'Child B', 'Child C'])
            assert.ok(Date.parse(tasks[name].runAfter) > Date.now() + 10_000, name);
    } finally {
        await demo.stop('SIGKILL');
    }
});

test('the example does what it says', async () => {
    const example = await launch('node', ['count_words.cjs'], {
        CREW_API_BASE_URL: `${service.url}/`,
        CREW_WORK_INTERVAL_IN_MILLISECONDS: '200',
    }, /asking for task/);
    try {
        const group = await service.group();
        await service.create(group, {
            name: 'words', channel: 'words', input: { text: 'to be or not to be' },
        });
        assert.deepEqual((await all(group))[0].output, { words: 6 });
    } finally {
        await example.stop('SIGKILL');
    }
});
