// Crew's own pages, served by its own command, in a browser without a screen.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { launch, startService, waitFor } from './service.mjs';

const browser = process.env.ORC_CHROMIUM ?? '/usr/bin/chromium';

/** On a machine that is busy with other tests, in milliseconds. */
const patience = 90_000;

function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

let service;
let ui;
let chrome;
let page;
let group;
const problems = [];

before(async () => {
    service = await startService();
    const port = await freePort();
    // It builds the pages first, for the address that they shall ask.
    ui = await launch(process.execPath, [
        'node_modules/@orchard-insights/crew-ui/src/cli.js', 'serve', '--no-browser',
        '--port', String(port), '--url', `${service.url}/`], {}, /UI running at/);
    ui.url = `http://127.0.0.1:${port}/`;
    // Everything here is on loopback, and containers lack what a sandbox needs
    // and have little shared memory.
    chrome = await chromium.launch({
        executablePath: browser,
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
        timeout: patience,
    });
    page = await chrome.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('response', (answer) => {
        if (answer.url().startsWith(service.url) && answer.status() >= 400)
            problems.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(ui.url);
});

after(async () => {
    await chrome?.close();
    await ui?.stop();
    await service?.stop();
});

/** The menu of the PrimeVue that npm brings today follows no links. */
const goTo = (path) => page.evaluate((to) => {
    const { $router: router } = document.querySelector('#app').__vue_app__.config.globalProperties;
    return router.push(to);
}, path);

const title = () => page.locator('.p-card-title').innerText();

const button = (name) => page.getByRole('button', { name, exact: true });
const text = (what) => page.getByText(what, { exact: true });

/** The row of a table that has a text in it. */
const row = (name) => page.getByRole('row').filter({ hasText: name });

const acquire = (channel) => service.call('POST', `channel/${channel}/acquire`, { workerId: 'me' });
const release = (task, result) => service.call('POST', `task/${task._id}/release`,
    { workerId: 'me', ...result });

test('a group is made on the page', async () => {
    await button('Add Task Group').click();
    await page.locator('#name').fill('made by hand');
    await button('Add').click();
    // Crew leads on to the page of the new group.
    await text('made by hand').waitFor();
    const groups = await service.call('GET', 'task_groups');
    assert.deepEqual(groups.map((x) => x.name), ['made by hand']);
    [group] = groups;
});

test('a task is made on the page', async () => {
    await button('Add Task').click();
    await page.locator('#name').fill('first task');
    await page.locator('#channel').fill('by-hand');
    await button('Add').click();
    await row('first task').waitFor();
    const [task] = await service.tasks(group);
    assert.deepEqual([task.name, task.channel, task.remainingAttempts],
        ['first task', 'by-hand', 2]);
});

test('the page is told of what changes, and does not ask', async () => {
    // Nothing tells when it has begun to watch, so it gets something to see
    // until it has: a name is never asked for again.
    let number = 0;
    await waitFor(async () => {
        number += 1;
        await service.call('PUT', `task_group/${group._id}`, { name: `name ${number}` });
        return (await title()).startsWith('name ');
    }, 'a name that was told', patience / 1000);

    const asked = [];
    const note = (request) => {
        if (request.url().includes('/api/v1/')) asked.push(request.url());
    };
    page.on('request', note);

    await service.create(group, { name: 'second task', channel: 'by-hand' });
    await row('second task').waitFor();
    const taken = (await acquire('by-hand')).task;
    await row(taken.name).locator('.pi-spinner').waitFor();
    await release(taken, { output: 1 });
    await row(taken.name).locator('.pi-check').waitFor();
    await text('Percent Complete: 50.00%').waitFor();
    const other = (await acquire('by-hand')).task;
    await release(other, { error: 'no luck' });
    await row(other.name).locator('.p-tag-warning').waitFor();
    await service.call('POST', `task/${other._id}/reset`);
    await row(other.name).locator('.pi-clock').waitFor();
    await release((await acquire('by-hand')).task, {
        output: 2, children: [{ name: 'its child', channel: 'by-hand' }],
    });
    await row('its child').waitFor();
    await service.call('DELETE', `task/${other._id}`);
    await row('its child').waitFor({ state: 'detached' });
    await text('Percent Complete: 100.00%').waitFor();

    page.off('request', note);
    assert.deepEqual(asked, []);
});

test('a group is paused, resumed and reset on the page', async () => {
    const shown = () => service.call('GET', `task_group/${group._id}`);
    await button('Pause').click();
    await text('(Paused)').waitFor();
    await waitFor(async () => (await shown()).isPaused, 'the pause');
    await button('Resume').click();
    await waitFor(async () => !(await shown()).isPaused, 'the resumption');
    await button('Reset').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset', exact: true }).click();
    await row('first task').locator('.pi-clock').waitFor();
    const [task] = await service.tasks(group);
    assert.equal(task.isComplete, false);
});

test('channels and operators have pages', async () => {
    await goTo('/channels');
    await text('Total Tasks').waitFor();
    await row('by-hand').waitFor();
    await service.call('POST', 'operators', {
        channel: 'called', url: 'http://127.0.0.1:9/', isPaused: true,
    });
    await goTo('/operators');
    await text('http://127.0.0.1:9/').waitFor();
});

test('nothing went wrong on any page', () => {
    assert.deepEqual(problems, []);
});
