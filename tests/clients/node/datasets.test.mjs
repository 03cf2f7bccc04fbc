import assert from 'node:assert/strict';
import test, { before } from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { startEmulator } from './emulator.mjs';

const { client } = await startEmulator();
let dataset;

const items = [
    { name: 'a', price: 1, '#hidden': true, tags: ['x', 'y'] },
    { name: 'b', price: 2, '#hidden': true, tags: [] },
    {},
    { name: 'c', price: 3, shop: { city: 'Brno' } },
];

before(async () => {
    dataset = client.dataset((await client.datasets().getOrCreate('things')).id);
    await dataset.pushItems(items);
});

const names = (page) => page.items.map((item) => item.name);

test('a named dataset is created once', async () => {
    const again = await client.datasets().getOrCreate('things');
    assert.equal((await dataset.get()).id, again.id);
    assert.equal(again.name, 'things');
});

test('items come in order, with what there is of them', async () => {
    const page = await dataset.listItems();
    assert.deepEqual(page.items, items);
    assert.equal(page.total, 4);
    assert.equal(page.count, 4);
    assert.equal(page.offset, 0);
    assert.equal(page.desc, false);
});

test('items come page by page, from either end', async () => {
    const page = await dataset.listItems({ offset: 1, limit: 1 });
    assert.deepEqual(names(page), ['b']);
    assert.equal(page.total, 4);
    assert.equal(page.limit, 1);
    assert.deepEqual(names(await dataset.listItems({ desc: true, limit: 1 })), ['c']);
});

test('clean leaves out empty items and hidden fields', async () => {
    const page = await dataset.listItems({ clean: true });
    assert.deepEqual(names(page), ['a', 'b', 'c']);
    assert.ok(page.items.every((item) => !('#hidden' in item)));
    assert.equal((await dataset.listItems({ skipEmpty: true })).items.length, 3);
    const visible = await dataset.listItems({ skipHidden: true });
    assert.ok(!('#hidden' in visible.items[0]));
});

test('fields are chosen, left out, flattened and unwound', async () => {
    const chosen = await dataset.listItems({ fields: ['price', 'name'], limit: 1 });
    assert.deepEqual(chosen.items, [{ price: 1, name: 'a' }]);
    const left = await dataset.listItems({ omit: ['tags', '#hidden'], limit: 1 });
    assert.deepEqual(left.items, [{ name: 'a', price: 1 }]);
    const flat = await dataset.listItems({ flatten: ['shop'], offset: 3 });
    assert.equal(flat.items[0]['shop.city'], 'Brno');
    const unwound = await dataset.listItems({ unwind: ['tags'], limit: 1 });
    assert.deepEqual(unwound.items.map((item) => item.tags), ['x', 'y']);
});

test('items are downloaded as json, jsonl and csv', async () => {
    const json = await dataset.downloadItems('json');
    assert.deepEqual(JSON.parse(json), items);
    const lines = (await dataset.downloadItems('jsonl')).toString().trim().split('\n');
    assert.deepEqual(lines.map((line) => JSON.parse(line)), items);
    const csv = (await dataset.downloadItems('csv', { fields: ['name', 'price'], clean: true })).toString();
    const rows = csv.replace('\ufeff', '').replaceAll('"', '').trim().split(/\r?\n/);
    assert.deepEqual(rows, ['name,price', 'a,1', 'b,2', 'c,3']);
});

test('a csv has the delimiter and the header that were asked for', async () => {
    const options = { fields: ['name', 'price'], delimiter: ';', skipHeaderRow: true, limit: 1 };
    const csv = (await dataset.downloadItems('csv', options)).toString();
    assert.match(csv, /a"?;"?1/);
    assert.doesNotMatch(csv, /name/);
});

test('xml, html, rss and xlsx are formats, too', async () => {
    assert.match((await dataset.downloadItems('xml', { xmlRoot: 'things', xmlRow: 'thing' })).toString(), /<thing>/);
    assert.match((await dataset.downloadItems('html')).toString(), /<table/);
    assert.match((await dataset.downloadItems('rss')).toString(), /<rss/);
});

test('one object and many objects are pushed', async () => {
    const other = client.dataset((await client.datasets().getOrCreate()).id);
    await other.pushItems({ n: 0 });
    await other.pushItems('[{"n":1},{"n":2}]');
    await other.pushItems(Array.from({ length: 500 }, (_, n) => ({ n: n + 3 })));
    const page = await other.listItems({ limit: 2, offset: 501 });
    assert.deepEqual(page.items, [{ n: 501 }, { n: 502 }]);
    assert.equal((await other.get()).itemCount, 503);
});

test('items are iterated over all pages', async () => {
    const other = client.dataset((await client.datasets().getOrCreate()).id);
    await other.pushItems(Array.from({ length: 25 }, (_, n) => ({ n })));
    const seen = [];
    for await (const item of other.listItems({ chunkSize: 10 })) seen.push(item.n);
    assert.deepEqual(seen, Array.from({ length: 25 }, (_, n) => n));
});

test('what is no JSON object is refused', async () => {
    await assert.rejects(dataset.pushItems('[1]'), { statusCode: 400 });
    await assert.rejects(dataset.pushItems('{broken'), { statusCode: 400 });
    assert.equal((await dataset.listItems()).total, 4);
});

test('a dataset is renamed, listed and deleted', async () => {
    const { id } = await client.datasets().getOrCreate('short-lived');
    assert.equal((await client.dataset(id).update({ name: 'renamed' })).name, 'renamed');
    assert.ok((await client.datasets().list()).items.some((x) => x.id === id));
    await client.dataset(id).delete();
    assert.equal(await client.dataset(id).get(), undefined);
});

test('unnamed datasets are listed on demand', async () => {
    const { id } = await client.datasets().getOrCreate();
    const has = async (options) => (await client.datasets().list(options)).items.some((x) => x.id === id);
    assert.equal(await has({ unnamed: true }), true);
    assert.equal(await has({}), false);
});

everyAnswerIsDocumented();
