// Swagger UI at /api-docs/, in a browser without a screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { launchBrowser, patience } from './browser.mjs';
import { startService } from './service.mjs';

let service;
let chrome;
let page;
const elsewhere = [];
const problems = [];

before(async () => {
    service = await startService.with({ ORCHESTRATOR_TOKEN: 'a-token' });
    chrome = await launchBrowser();
    page = await chrome.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(service.url))
            elsewhere.push(request.url());
    });
    await page.goto(`${service.url}/api-docs`);
});

after(async () => {
    await chrome?.close();
    await service?.stop();
});

/** Opens an operation and sends what its fields say. */
async function send(part, id, body) {
    const tag = page.locator(`.opblock-tag[data-tag="${part}"]`);
    if (await tag.getAttribute('data-is-open') !== 'true') await tag.click();
    const block = page.locator(`[id$="-${id}"].opblock`);
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    if (body) await block.locator('textarea.body-param__text').fill(body);
    await block.getByRole('button', { name: 'Execute' }).click();
    const answer = block.locator('.live-responses-table .response');
    await answer.locator('.response-col_status').waitFor();
    return {
        status: (await answer.locator('.response-col_status').innerText()).match(/\d+/)[0],
        text: await answer.locator('.response-col_description').innerText(),
    };
}

test('every operation of the document is there, in its part', async () => {
    const document = await (await fetch(`${service.url}/openapi.json`)).json();
    await page.locator('.opblock-tag').first().waitFor();
    const parts = await page.locator('.opblock-tag').evaluateAll(
        (tags) => tags.map((tag) => tag.getAttribute('data-tag')));
    assert.deepEqual(parts, document.tags.map(({ name }) => name));
    await page.locator('.opblock-tag[data-tag="Tasks"]').click();
    const operations = Object.values(document.paths).flatMap(Object.values);
    const expected = operations.filter(({ tags }) => tags[0] === 'Tasks').length;
    await page.locator('.opblock').nth(expected - 1).waitFor();
    assert.equal(await page.locator('.opblock').count(), expected);
    await page.locator('.opblock-tag[data-tag="Tasks"]').click();
});

test('routes are tried out with the token that is given', async () => {
    assert.equal((await send('Health', 'getHealth')).status, '200');
    assert.equal((await send('Groups of tasks', 'createTaskGroup', '{"name":"by hand"}')).status, '401');
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.auth-container input').fill('a-token');
    await page.locator('.auth-btn-wrapper .authorize').click();
    await page.locator('.auth-btn-wrapper .btn-done').click();
    const listed = page.locator('[id$="-createTaskGroup"].opblock');
    await listed.getByRole('button', { name: 'Execute' }).click();
    await listed.locator('.live-responses-table .response .response-col_status')
        .filter({ hasText: /^\s*20[01]/ }).waitFor();
    const groups = await (await fetch(`${service.url}/api/v1/task_groups`, {
        headers: { authorization: 'Bearer a-token' },
    })).json();
    assert.deepEqual(groups.map(({ name }) => name), ['by hand']);
});

test('all of it comes from the service', () => {
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(problems, []);
});

test('files come compressed to those who take that, and plain to others', async () => {
    const bytes = async (coding) => {
        const answer = await fetch(`${service.url}/api-docs/swagger-ui.css`, {
            headers: { 'accept-encoding': coding },
        });
        return [answer.headers.get('content-encoding'), Buffer.from(await answer.arrayBuffer())];
    };
    const [none, plain] = await bytes('identity, gzip;q=0');
    assert.equal(none, null);
    const [packed, unpacked] = await bytes('br, gzip;q=0.5');
    assert.equal(packed, 'gzip');
    // `fetch` has undone it already.
    assert.ok(unpacked.equals(plain));
    assert.throws(() => gunzipSync(plain));
    assert.equal((await fetch(`${service.url}/api-docs/other.js`)).status, 404);
});
