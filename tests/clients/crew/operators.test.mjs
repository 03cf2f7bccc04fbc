// Crew's HttpWorker, called by stored and by virtual operators.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as listen } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { launch, startService, waitFor } from './service.mjs';

const freePort = () => new Promise((resolve) => {
    const server = listen().listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
    });
});

/** An endpoint that keeps what it got, and answers as it is told. */
async function endpoint(answer) {
    const got = [];
    const server = createServer((request, response) => {
        let body = '';
        request.on('data', (data) => { body += data; });
        request.on('end', () => {
            got.push({ url: request.url, headers: request.headers, body: JSON.parse(body) });
            answer(response, got.length, JSON.parse(body));
        });
    });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return {
        got,
        url: `http://127.0.0.1:${server.address().port}/work`,
        stop: () => new Promise((resolve) => {
            server.closeAllConnections();
            server.close(resolve);
        }),
    };
}

const json = (response, body, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
};

describe('stored operators', () => {
    let service;
    let worker;
    let port;
    before(async () => {
        service = await startService();
        port = await freePort();
        worker = await launch('node', ['http_worker.cjs'],
            { CREW_WORKER_PORT: String(port) }, /listening on port/);
    });
    after(async () => {
        await worker?.stop('SIGKILL');
        await service?.stop();
    });

    const finished = (task) => waitFor(async () => {
        const now = await service.call('GET', `task/${task._id}`);
        return (now.isComplete || now.errors.length > 0) && now;
    }, 'an end');

    test('an HttpWorker does tasks, fails some and makes children', async () => {
        const operator = await service.call('POST', 'operators', {
            channel: 'double', url: `http://127.0.0.1:${port}/execute/double`,
        });
        assert.deepEqual(Object.keys(operator), ['_id', 'channel', 'url', 'requestConfig',
            'isPaused', 'createdAt']);
        assert.equal(operator.isPaused, null);
        assert.equal(operator.requestConfig, null);
        const group = await service.group();
        const good = await service.create(group, { name: 'good', channel: 'double', input: 21 });
        const bad = await service.create(group, { name: 'bad', channel: 'double', input: 'x' });
        const child = await service.create(group,
            { name: 'child', channel: 'double', input: 1, parentIds: [good._id] });
        assert.deepEqual((await finished(good)).output, { twice: 42 });
        assert.deepEqual((await finished(bad)).errors, ['no number']);
        assert.deepEqual((await finished(child)).output, { twice: 2, before: 42 });
        const tasks = await service.tasks(group);
        assert.ok(tasks.some((x) => x.name === 'made of good'));
    });

    test('the configuration of a request goes along', async () => {
        const there = await endpoint((response) => json(response, { output: 'ok' }));
        try {
            await service.call('POST', 'operators', {
                channel: 'configured',
                url: there.url,
                requestConfig: {
                    headers: { 'X-Key': 'secret' },
                    params: { q: 'a b' },
                    auth: { username: 'me', password: 'pass' },
                },
            });
            const group = await service.group();
            const task = await service.create(group,
                { name: 'x', channel: 'configured', input: { deep: [1, 2] } });
            assert.equal((await finished(task)).output, 'ok');
            const [{ url, headers, body }] = there.got;
            assert.equal(url, '/work?q=a%20b');
            assert.equal(headers['x-key'], 'secret');
            assert.equal(headers.authorization,
                `Basic ${Buffer.from('me:pass').toString('base64')}`);
            assert.deepEqual(body, { input: { deep: [1, 2] }, parents: [], taskId: task._id });
        } finally {
            await there.stop();
        }
    });

    test('what goes wrong is said in the words that Crew has for it', async () => {
        const there = await endpoint((response, number) => {
            if (number === 1) json(response, { error: 'quota' }, 500);
            else if (number === 2) json(response, { message: 'gone' }, 404);
            else if (number === 3) json(response, {}, 503);
            else if (number === 4) json(response, { output: 1, children: [{ _parent_ids: ['x'] }] });
            else setTimeout(() => response.end(), 10_000);
        });
        try {
            await service.call('POST', 'operators', {
                channel: 'broken', url: there.url, requestConfig: { timeout: 300 },
            });
            const group = await service.group();
            const task = await service.create(group, {
                name: 'x', channel: 'broken', errorDelayInSeconds: 0, remainingAttempts: 5,
            });
            const dead = await waitFor(async () => {
                const now = await service.call('GET', `task/${task._id}`);
                return now.remainingAttempts === 0 && now;
            }, 'five failures');
            assert.deepEqual(dead.errors.slice(0, 3),
                ['quota', 'gone', 'Request failed with status code 503']);
            assert.match(dead.errors[3], /children\[0\]/);
            assert.equal(dead.errors[4], 'timeout of 300ms exceeded');
        } finally {
            await there.stop();
        }
    });

    test('an answer that is no JSON completes with no output', async () => {
        const there = await endpoint((response) => response.end('fine'));
        try {
            await service.call('POST', 'operators', { channel: 'plain', url: there.url });
            const task = await service.create(await service.group(),
                { name: 'x', channel: 'plain' });
            const done = await finished(task);
            assert.equal(done.isComplete, true);
            assert.equal(done.output, null);
        } finally {
            await there.stop();
        }
    });

    test('an endpoint that is down gets a rest, and tasks keep their attempts', async () => {
        await service.call('POST', 'operators',
            { channel: 'down', url: `http://127.0.0.1:${await freePort()}/` });
        const group = await service.group();
        for (let i = 0; i < 12; ++i)
            await service.create(group, {
                name: `t${i}`, channel: 'down', errorDelayInSeconds: 0, remainingAttempts: 2,
            });
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const tasks = await service.tasks(group);
        const failures = tasks.reduce((sum, x) => sum + x.errors.length, 0);
        assert.ok(failures >= 5 && failures < 24, `${failures} failures`);
        const failed = tasks.find((x) => x.errors.length > 0);
        assert.match(failed.errors[0], /refused/i);
    });

    test('a paused operator gets nothing; resumed, it does what waits', async () => {
        const there = await endpoint((response) => json(response, { output: 1 }));
        try {
            const operator = await service.call('POST', 'operators',
                { channel: 'shy', url: there.url, isPaused: true });
            const task = await service.create(await service.group(), { name: 'x', channel: 'shy' });
            await new Promise((resolve) => setTimeout(resolve, 500));
            assert.equal(there.got.length, 0);
            const edited = await service.call('PUT', `operator/${operator._id}`,
                { isPaused: false });
            assert.equal(edited.channel, 'shy');
            assert.equal((await finished(task)).isComplete, true);
            assert.deepEqual(await service.call('DELETE', `operator/${operator._id}`),
                { acknowledged: true, deletedCount: 1 });
            await assert.rejects(service.call('GET', `operator/${operator._id}`), /not found!/);
        } finally {
            await there.stop();
        }
    });

    test('an operator that makes no sense is refused', async () => {
        for (const [body, named] of [
            [{ url: 'http://127.0.0.1/' }, /channel/],
            [{ channel: 'c' }, /url/],
            [{ channel: 'c', url: 'ftp://x' }, /url/],
            [{ channel: 'c', url: 'http://127.0.0.1/', requestConfig: { timeout: 'x' } },
                /requestConfig.timeout/],
        ])
            await assert.rejects(service.call('POST', 'operators', body), named);
    });
});

test('a virtual operator does the tasks of every channel', async () => {
    const port = await freePort();
    const token = 'virtual-token';
    const worker = await launch('node', ['http_worker.cjs'], {
        CREW_WORKER_PORT: String(port), CREW_VIRTUAL_OPERATOR_AUTH_TOKEN: token,
    }, /listening on port/);
    const service = await startService.with({
        CREW_VIRTUAL_OPERATOR_BASE_URL: `http://127.0.0.1:${port}/execute/`,
        CREW_VIRTUAL_OPERATOR_AUTH_TOKEN: token,
    });
    try {
        const group = await service.group();
        await service.create(group, { name: 'x', channel: 'double', input: 4 });
        const [task] = await waitFor(async () => {
            const tasks = await service.tasks(group);
            return tasks.some((x) => x.name === 'x' && x.isComplete)
                && tasks.filter((x) => x.name === 'x');
        }, 'its end');
        assert.deepEqual(task.output, { twice: 8 });
    } finally {
        await worker.stop('SIGKILL');
        await service.stop();
    }
});
