import assert from 'node:assert/strict';
import test from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { scripted, startEmulator } from './emulator.mjs';

const { client } = await startEmulator('--any-actor');

test('an actor is known once it was named, and listed', async () => {
    const found = await client.actor(scripted).get();
    assert.equal(found.name, 'scripted');
    assert.equal(found.username, 'tester');
    assert.ok(found.defaultRunOptions.memoryMbytes >= 128);
    assert.equal((await client.actor(found.id).get()).id, found.id);
    await client.actor(scripted).call({ durationMs: 0 }, { log: null });
    const { items } = await client.actors().list();
    assert.ok(items.some((actor) => actor.id === found.id));
});

test('an actor has a default build', async () => {
    const build = await (await client.actor(scripted).defaultBuild()).get();
    assert.equal(build.status, 'SUCCEEDED');
    assert.equal((await client.build(build.id).get()).id, build.id);
});

test('a task is created, read, changed, listed and deleted', async () => {
    const { id: actId } = await client.actor(scripted).get();
    const task = await client.tasks().create({
        actId,
        name: 'nightly',
        options: { memoryMbytes: 256, timeoutSecs: 50 },
        input: { durationMs: 0, items: 1 },
    });
    assert.equal(task.name, 'nightly');
    assert.equal((await client.task(task.id).get()).actId, actId);
    const changed = await client.task(task.id).update({ title: 'Every night' });
    assert.equal(changed.title, 'Every night');
    const { items } = await client.tasks().list();
    assert.ok(items.some((x) => x.id === task.id));
    await client.task(task.id).delete();
    assert.equal(await client.task(task.id).get(), undefined);
});

test('a task runs with its input and options, and with what is laid over them', async () => {
    const { id: actId } = await client.actor(scripted).get();
    const task = await client.tasks().create({
        actId,
        name: 'overlaid',
        options: { memoryMbytes: 256 },
        input: { durationMs: 0, items: 1, key: 'saved' },
    });
    const plain = await client.task(task.id).call();
    assert.equal(plain.actorTaskId, task.id);
    assert.equal(plain.options.memoryMbytes, 256);
    const other = await client.task(task.id).start({ items: 4 }, { memory: 512, waitForFinish: 10 });
    assert.equal(other.options.memoryMbytes, 512);
    const input = await client.run(other.id).keyValueStore().getRecord('INPUT');
    assert.deepEqual(input.value, { durationMs: 0, items: 4, key: 'saved' });
    const runs = await client.task(task.id).runs().list({ desc: true });
    assert.deepEqual(runs.items.map((run) => run.id), [other.id, plain.id]);
    assert.equal((await client.task(task.id).lastRun().get()).id, other.id);
});

test('the saved input of a task is read and changed', async () => {
    const { id: actId } = await client.actor(scripted).get();
    const { id } = await client.tasks().create({ actId, name: 'saved-input', input: { items: 1 } });
    assert.deepEqual(await client.task(id).getInput(), { items: 1 });
    await client.task(id).updateInput({ items: 2 });
    assert.deepEqual(await client.task(id).getInput(), { items: 2 });
});

everyAnswerIsDocumented();
