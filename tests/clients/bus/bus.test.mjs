// npm's nats client drives the service: nothing but its own calls.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';

import { connect, consumerOpts, headers, JSONCodec } from 'nats';

import { eventually, startBus, startPlatform, startService } from './bus.mjs';

const json = JSONCodec();
const subject = (rest) => `orchestrator.test.${rest}`;

const bus = await startBus();
const platform = await startPlatform();
const service = await startService(platform, bus);
const client = await connect({ servers: bus.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
after(() => client.close());

function run(name, durationMs = 50) {
    return {
        name, actor: 'emulator/scripted', input: { key: name, durationMs },
        options: { memoryMbytes: 128 },
    };
}

async function ask(verb, body = {}, timeout = 90_000) {
    const answer = await client.request(subject(`cmd.${verb}`), json.encode(body), { timeout });
    return { body: json.decode(answer.data), headers: answer.headers };
}

/** Asks until somebody answers: a service that was just started may not yet. */
async function askAgain(verb, body) {
    return eventually(() => ask(verb, body, 5_000).catch(() => null), verb);
}

async function order(verb, body, msgID) {
    return eventually(
        () => client.jetstream().publish(subject(`work.${verb}`), json.encode(body), { msgID })
            .catch(() => null), `the stream takes ${msgID}`);
}

await eventually(() => ask('account.list', {}, 1_000).catch(() => null), 'the service');

test('requests and errors are what the client expects of a service', async () => {
    assert.equal((await ask('run.submit', run('a'))).body.name, 'a');
    assert.equal((await ask('run.wait', { name: 'a' })).body.state, 'finished');
    const none = await ask('run.get', { name: 'none' });
    assert.equal(none.headers.get('Nats-Service-Error-Code'), '404');
    assert.match(none.headers.get('Nats-Service-Error'), /none/);
    assert.equal(none.body.error.type, 'unknown-run');
});

test('the client for micro services finds it, and reads its statistics', async () => {
    const micro = client.services.client();
    const read = async (found) => { for await (const x of found) return x; return null; };
    const ping = await read(await micro.ping('apify-orchestrator'));
    assert.equal(ping.type, 'io.nats.micro.v1.ping_response');
    const info = await read(await micro.info('apify-orchestrator', ping.id));
    assert.ok(info.endpoints.some((x) => x.subject === subject('cmd.run.submit')));
    const stats = await read(await micro.stats('apify-orchestrator'));
    assert.ok(stats.endpoints.find((x) => x.name === 'run_get').num_errors >= 1);
});

test('a plan goes through although the bus and the service are killed', async () => {
    const names = Array.from({ length: 15 }, (_, i) => `plan/${i}`);
    for (const name of names.slice(0, 5)) await order('run.submit', run(name, 300), name);
    await bus.kill();
    await bus.start();
    for (const name of names.slice(5, 10)) await order('run.submit', run(name, 300), name);
    await service.kill();
    for (const name of names.slice(10)) {
        await order('run.submit', run(name, 300), name);
        await order('run.submit', run(name, 300), name);
    }
    await service.start();
    for (const name of names) {
        await eventually(async () => (await askAgain('run.get', { name })).body.name === name,
            name, 60);
        assert.equal((await ask('run.wait', { name })).body.status, 'SUCCEEDED');
    }
    const starts = await platform.startsByKey();
    for (const name of names) assert.equal(starts[name], 1, name);
    await checkFacts(names);
});

/** A late subscriber: every fact is there, in order for each run. */
async function checkFacts(names) {
    const facts = await client.jetstream().subscribe(subject('evt.run.*'),
        consumerOpts().orderedConsumer().deliverAll());
    const kinds = {};
    const left = new Set(names.map((name) => `default/${name}`));
    for await (const message of facts) {
        const event = message.json();
        assert.equal(event.specversion, '1.0');
        assert.equal(message.headers.get('Nats-Msg-Id'), event.id);
        (kinds[event.subject] ??= []).push(event.type.replace('apify-orchestrator.run.', ''));
        if (event.type.endsWith('.ended')) left.delete(event.subject);
        if (left.size === 0) break;
    }
    for (const name of names) {
        const line = kinds[`default/${name}`];
        const places = ['submitted', 'started', 'ended'].map((x) => line.indexOf(x));
        assert.deepEqual(places, [...places].sort((x, y) => x - y), `${name}: ${line}`);
        assert.ok(places.every((x) => x >= 0), `${name}: ${line}`);
    }
}

test('what makes no sense is parked', async () => {
    const head = headers();
    head.set('Nats-Msg-Id', 'senseless');
    await client.jetstream().publish(subject('work.run.submit'), 'no json', { headers: head });
    const parked = await client.jetstream().subscribe(subject('parked'),
        consumerOpts().orderedConsumer().deliverAll());
    for await (const message of parked) {
        assert.equal(message.headers.get('Nats-Msg-Id'), 'senseless');
        assert.match(message.headers.get('Orchestrator-Reason'), /bad-json/);
        break;
    }
});

test('the example in JavaScript prints how runs end', async () => {
    const example = `${process.env.ORC_EXAMPLES}/bus/watch.js`;
    const child = spawn(process.execPath, [example, bus.url, 'test'],
        { stdio: ['ignore', 'pipe', 'inherit'],
            env: { ...process.env, NODE_PATH: `${process.cwd()}/node_modules` } });
    for await (const line of createInterface({ input: child.stdout })) {
        if (line === 'default/a SUCCEEDED') break;
    }
    child.kill('SIGINT');
    await once(child, 'exit');
});
