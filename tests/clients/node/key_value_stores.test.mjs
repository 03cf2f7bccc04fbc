import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test, { before } from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { startEmulator } from './emulator.mjs';

const { client } = await startEmulator();
let store;

before(async () => {
    store = client.keyValueStore((await client.keyValueStores().getOrCreate('state')).id);
});

test('a JSON value is stored and read', async () => {
    await store.setRecord({ key: 'STATE', value: { done: [1, 2], 'ž': true } });
    const record = await store.getRecord('STATE');
    assert.deepEqual(record.value, { done: [1, 2], 'ž': true });
    assert.match(record.contentType, /^application\/json/);
});

test('a text and bytes are stored with their types', async () => {
    await store.setRecord({ key: 'note', value: 'hello', contentType: 'text/plain; charset=utf-8' });
    assert.equal((await store.getRecord('note')).value, 'hello');
    const bytes = Buffer.from([0, 1, 2, 255]);
    await store.setRecord({ key: 'image', value: bytes, contentType: 'image/png' });
    const image = await store.getRecord('image', { buffer: true });
    assert.deepEqual(image.value, bytes);
    assert.equal(image.contentType, 'image/png');
});

test('a large record comes back whole, and as a stream', async () => {
    const value = Array.from({ length: 20_000 }, (_, n) => ({ n }));
    await store.setRecord({ key: 'large', value });
    assert.deepEqual((await store.getRecord('large')).value, value);
    const { value: stream } = await store.getRecord('large', { stream: true });
    assert.ok(stream instanceof Readable);
    let text = '';
    for await (const piece of stream) text += piece;
    assert.deepEqual(JSON.parse(text), value);
});

test('a record is replaced, and deleted', async () => {
    await store.setRecord({ key: 'gone', value: 1 });
    await store.setRecord({ key: 'gone', value: 2 });
    assert.equal((await store.getRecord('gone')).value, 2);
    assert.equal(await store.recordExists('gone'), true);
    await store.deleteRecord('gone');
    assert.equal(await store.getRecord('gone'), undefined);
    assert.equal(await store.recordExists('gone'), false);
    await store.deleteRecord('gone');
});

test('keys are listed in order, page by page and by prefix', async () => {
    const { id } = await client.keyValueStores().getOrCreate();
    const other = client.keyValueStore(id);
    for (const key of ['b-1', 'a-2', 'a-1', 'c'])
        await other.setRecord({ key, value: key });
    const all = await other.listKeys();
    assert.deepEqual(all.items.map((x) => x.key), ['a-1', 'a-2', 'b-1', 'c']);
    assert.equal(all.isTruncated, false);
    const first = await other.listKeys({ limit: 2 });
    assert.equal(first.isTruncated, true);
    assert.equal(first.nextExclusiveStartKey, 'a-2');
    const rest = await other.listKeys({ exclusiveStartKey: first.nextExclusiveStartKey });
    assert.deepEqual(rest.items.map((x) => x.key), ['b-1', 'c']);
    const some = await other.listKeys({ prefix: 'a-' });
    assert.deepEqual(some.items.map((x) => x.key), ['a-1', 'a-2']);
});

test('a key with unusual characters works', async () => {
    const key = "a!-_.'()b";
    await store.setRecord({ key, value: 1 });
    assert.equal((await store.getRecord(key)).value, 1);
});

test('a store is renamed, listed and deleted', async () => {
    const { id } = await client.keyValueStores().getOrCreate('short-lived');
    assert.equal((await client.keyValueStore(id).update({ name: 'renamed' })).name, 'renamed');
    assert.ok((await client.keyValueStores().list()).items.some((x) => x.id === id));
    await client.keyValueStore(id).delete();
    assert.equal(await client.keyValueStore(id).get(), undefined);
});

everyAnswerIsDocumented();
