import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { everyAnswerIsDocumented } from './api_schemas.mjs';
import { byPlatformId, eventually, startEmulator } from './emulator.mjs';

const examples = process.env.ORC_EXAMPLES;
const { client, url } = await startEmulator('--actors', join(examples, 'actors'));
const plan = JSON.parse(readFileSync(join(examples, 'plans', 'link-check.json')));
const actor = client.actor('link-check');

const input = (part, more = {}) => ({
    startUrls: [{ url: `http://site.example/${part}/` }],
    serveExampleSite: true,
    ...more,
});

const broken = {
    'site/docs': ['brakes-drum.html', 'old-manual.html'],
    'site/blog': ['archive/lost-and-found.html', 'photos/', 'spikes.html'],
    'site/shop': ['batteries.html', 'page-3.html'],
};

test('the plan checks three parts of a site at the same time', async () => {
    await Promise.all(plan.runs.map(async ({ name, input: wanted, options }) => {
        const run = await actor.call(wanted, {
            memory: options.memoryMbytes,
            timeout: options.timeoutSecs,
            log: null,
        });
        const log = await client.run(run.id).log().get();
        assert.equal(run.status, 'SUCCEEDED', log);
        const { items } = await client.dataset(run.defaultDatasetId).listItems();
        const part = wanted.startUrls[0].url;
        assert.ok(items.every((item) => item.url.startsWith(part)));
        const missing = items.filter((item) => item.status === 404);
        assert.deepEqual(missing.map((item) => item.url.slice(part.length)).sort(), broken[name]);
        assert.ok(items.some((item) => item.status === 200 && item.title && item.depth === 1));
        assert.match(run.statusMessage, /^Checked \d+ pages$/);
        assert.match(log, /Z \S*INFO\S* .*Checked/);
    }));
});

test('a crawl that is migrated goes on where it was', byPlatformId, async () => {
    const run = await actor.start(input('shop'), { memory: 512 });
    await eventually(async () => (await client.dataset(run.defaultDatasetId).listItems()).items.length > 0, 'an item');
    const answer = await fetch(`${url}/emulator/runs/${run.id}/migrate`, { method: 'POST' });
    assert.equal(answer.status, 200);
    const ended = await client.run(run.id).waitForFinish({ waitSecs: 60 });
    const log = await client.run(run.id).log().get();
    assert.equal(ended.status, 'SUCCEEDED', log);
    assert.equal(ended.stats.migrationCount, 1);
    const { items } = await client.dataset(run.defaultDatasetId).listItems();
    assert.equal(new Set(items.map((item) => item.url)).size, 9);
});

test('a crawl that is aborted gracefully ends as ABORTED', async () => {
    const run = await actor.start(input('docs'), { memory: 512 });
    const logged = async () => (await client.run(run.id).log().get())?.includes('Starting the crawler');
    await eventually(logged, 'the crawler');
    await client.run(run.id).abort({ gracefully: true });
    const ended = await client.run(run.id).waitForFinish({ waitSecs: 40 });
    assert.equal(ended.status, 'ABORTED');
});

test('a crawl that takes too long is timed out', async () => {
    const run = await actor.call(input('blog'), { memory: 512, timeout: 1, log: null });
    assert.equal(run.status, 'TIMED-OUT');
});

test('an input that breaks the schema starts nothing', async () => {
    const { total } = await actor.runs().list();
    await assert.rejects(actor.start({ maxPages: 5 }), { statusCode: 400, type: 'invalid-input' });
    await assert.rejects(actor.start(input('docs', { maxPages: 0 })), { statusCode: 400, type: 'invalid-input' });
    assert.equal((await actor.runs().list()).total, total);
});

test('an unknown build is refused', async () => {
    await assert.rejects(actor.start(input('docs'), { build: 'no-such-tag' }), { type: 'unknown-build-tag' });
});

test('a crawl ends after as many pages as it may see', async () => {
    const run = await actor.call(input('docs', { maxPages: 3 }), { memory: 512, log: null });
    const { items } = await client.dataset(run.defaultDatasetId).listItems();
    assert.ok(items.length >= 3 && items.length < 9, `${items.length} items`);
});

everyAnswerIsDocumented();
