// socket.io-client watches groups, on each way that it knows.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { io } from 'socket.io-client';
import { startService, waitFor } from './service.mjs';

let service;
before(async () => { service = await startService(); });
after(async () => { await service?.stop(); });

function watch(group, transports) {
    const socket = io(service.url, { transports, forceNew: true });
    const seen = [];
    socket.onAny((name, data) => seen.push({ name, data }));
    const connected = new Promise((resolve, reject) => {
        // Crew acknowledges nothing; here a client may know when it watches.
        socket.on('connect', () => {
            socket.emitWithAck('watchTaskGroup', { taskGroupId: group._id }).then(resolve, reject);
        });
        socket.on('connect_error', reject);
    });
    const find = (name) => waitFor(async () => seen.find((x) => x.name === name), name);
    return { socket, seen, connected, find };
}

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']])
    describe(`over ${transports.join(' and ')}`, () => {
        test('every change of a task is told', async () => {
            const group = await service.group();
            const { socket, seen, connected, find } = watch(group, transports);
            await connected;
            try {
                const channel = transports.join('-');
                await service.create(group, { name: 'a', channel, key: 'k', workgroup: 'w' });
                assert.equal((await find('task:create')).data.name, 'a');
                const { task } = await service.call('POST', `channel/${channel}/acquire`,
                    { workerId: 'me' });
                assert.equal((await find('task:update')).data.assignedTo, 'me');
                const taken = (await find('task:acquire:key')).data;
                assert.deepEqual([taken.channel, taken.key, taken.update.assignedTo],
                    [channel, 'k', 'me']);
                await service.call('POST', `task/${task._id}/release`, {
                    workerId: 'me', output: 'x', workgroupDelayInSeconds: 9,
                    children: [{ name: 'child', channel: 'other' }],
                });
                const given = (await find('task:release:key')).data;
                assert.deepEqual(given, {
                    channel,
                    key: 'k',
                    update: {
                        assignedTo: null, assignedAt: null, isComplete: true, runAfter: null,
                        remainingAttempts: 0, output: 'x',
                    },
                });
                assert.ok((await find('workgroup:delay')).data.update.runAfter);
                const updates = seen.filter((x) => x.name === 'task:update').map((x) => x.data);
                assert.ok(updates.some((x) => x.isComplete && x.output === 'x'));
                assert.ok(seen.some((x) => x.name === 'task:create' && x.data.name === 'child'));
            } finally {
                socket.close();
            }
        });

        test('every change of a group is told', async () => {
            const group = await service.group();
            const { socket, connected, find } = watch(group, transports);
            await connected;
            try {
                await service.call('POST', `task_group/${group._id}/pause`);
                assert.deepEqual((await find('group:syncPause')).data, { isPaused: true });
                assert.equal((await find('task_group:update')).data.isPaused, true);
                await service.call('POST', `task_group/${group._id}/reset`);
                assert.equal((await find('group:reset')).data, null);
                await service.call('POST', `task_group/${group._id}/retry`);
                await find('group:retry');
                await service.call('DELETE', `task_group/${group._id}`);
                assert.equal((await find('group:delete')).data._id, group._id);
            } finally {
                socket.close();
            }
        });
    });

test('what is done to a task by hand is told', async () => {
    const group = await service.group();
    const { socket, seen, connected } = watch(group, ['websocket']);
    await connected;
    try {
        const parent = await service.create(group, { name: 'parent', channel: 'hand' });
        const child = await service.create(group,
            { name: 'child', channel: 'hand', parentIds: [parent._id] });
        const told = (name, fits) => waitFor(
            async () => seen.some((x) => x.name === name && fits(x.data)), name);
        const update = (fits) => told('task:update', fits);
        await service.call('PUT', `task/${parent._id}`, { name: 'renamed' });
        await update((x) => x.name === 'renamed');
        await service.call('POST', 'channel/hand/acquire', { workerId: 'me' });
        await service.call('POST', `task/${parent._id}/release`,
            { workerId: 'me', error: { why: 'bad' } });
        await update((x) => x._id === parent._id && x.errors.length === 1);
        await service.call('POST', `task/${parent._id}/retry`, { remainingAttempts: 9 });
        await update((x) => x.remainingAttempts === 9);
        await service.call('POST', `task/${parent._id}/reset`, { remainingAttempts: 8 });
        await update((x) => x.remainingAttempts === 8 && x.errors.length === 0);
        await service.call('POST', 'channel/hand/acquire', { workerId: 'me' });
        await service.call('POST', `task/${parent._id}/release`, { workerId: 'me', output: 1 });
        await update((x) => x._id === child._id && x.parentsComplete);
        await service.call('DELETE', `task/${child._id}`);
        await told('task:delete', (x) => x._id === child._id);
        await service.call('PUT', `task_group/${group._id}`, { name: 'other name' });
        await told('task_group:update', (x) => x.name === 'other name');
    } finally {
        socket.close();
    }
});

test('a failure of tasks with a key is told with its error', async () => {
    const group = await service.group();
    const { socket, connected, find } = watch(group, ['websocket']);
    await connected;
    try {
        const task = await service.create(group,
            { name: 'a', channel: 'keyed', key: 'k', errorDelayInSeconds: 0 });
        await service.call('POST', 'channel/keyed/acquire', { workerId: 'me' });
        await service.call('POST', `task/${task._id}/release`, { workerId: 'me', error: 'no' });
        assert.deepEqual((await find('task:release:key')).data, {
            channel: 'keyed',
            key: 'k',
            update: {
                assignedTo: null, assignedAt: null, isComplete: false, runAfter: null,
                remainingAttempts: 4, error: 'no', executeMessageId: null, examineMessageId: null,
            },
        });
    } finally {
        socket.close();
    }
});

test('operators have a room of their own', async () => {
    const { socket, connected, find } = watch({ _id: 'operators' }, ['websocket']);
    await connected;
    try {
        const operator = await service.call('POST', 'operators',
            { channel: 'o', url: 'http://127.0.0.1:9/', isPaused: true });
        assert.deepEqual((await find('operator:create')).data, operator);
        await service.call('PUT', `operator/${operator._id}`, { channel: 'p' });
        assert.equal((await find('operator:update')).data.channel, 'p');
        await service.call('DELETE', `operator/${operator._id}`);
        assert.equal((await find('operator:delete')).data._id, operator._id);
    } finally {
        socket.close();
    }
});

test('what is not watched any more is not told', async () => {
    const [one, other] = [await service.group('one'), await service.group('other')];
    const { socket, seen, connected, find } = watch(one, ['websocket']);
    await connected;
    socket.emit('unwatchTaskGroup', { taskGroupId: one._id });
    socket.emit('watchTaskGroup', { taskGroupId: other._id });
    await waitFor(async () => {
        await service.create(one, { name: 'silent', channel: 'c' });
        await service.create(other, { name: 'loud', channel: 'c' });
        return seen.length > 0;
    }, 'an event');
    const { data } = await find('task:create');
    assert.equal(data.name, 'loud');
    assert.ok(!seen.some((x) => x.data.name === 'silent'));
    socket.close();
});

test('a client that comes from polling goes over to a WebSocket', async () => {
    const group = await service.group();
    const { socket, connected } = watch(group, ['polling', 'websocket']);
    await connected;
    await waitFor(async () => socket.io.engine.transport.name === 'websocket', 'the upgrade');
    socket.close();
});

test('a namespace that is not there is refused', async () => {
    const socket = io(`${service.url}/elsewhere`, { forceNew: true, reconnection: false });
    const error = await new Promise((resolve) => { socket.on('connect_error', resolve); });
    assert.equal(error.message, 'Invalid namespace');
    socket.close();
});
