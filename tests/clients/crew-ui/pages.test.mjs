// Crew's own pages, served by its own command, in a browser without a screen.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { launch, startService, waitFor } from './service.mjs';

const browser = process.env.ORC_CHROMIUM ?? '/usr/bin/chromium';

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
const problems = [];

before(async () => {
    service = await startService();
    const port = await freePort();
    ui = await launch(process.execPath, [
        'node_modules/@orchard-insights/crew-ui/src/cli.js', 'serve', '--no-browser',
        '--port', String(port), '--url', `${service.url}/`], {}, /UI running at/);
    ui.url = `http://127.0.0.1:${port}/`;
    // Everything here is on loopback, and containers lack what a sandbox needs.
    chrome = await chromium.launch({ executablePath: browser, args: ['--no-sandbox'] });
    page = await chrome.newPage();
    page.setDefaultTimeout(20_000);
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

const button = (name) => page.getByRole('button', { name, exact: true });

test('a group is made on the page', async () => {
    await button('Add Task Group').click();
    await page.locator('#name').fill('made by hand');
    await button('Add').click();
    // Crew leads on to the page of the new group.
    await page.getByText('Add Task', { exact: true }).waitFor();
    await page.getByText('made by hand').waitFor();
    const groups = await service.call('GET', 'task_groups');
    assert.deepEqual(groups.map((x) => x.name), ['made by hand']);
});

test('its tasks are seen as they come, are taken and finish', async () => {
    const [group] = await service.call('GET', 'task_groups');
    for (const name of ['first task', 'second task'])
        await service.create(group, { name, channel: 'by-hand' });
    await page.getByText('first task').waitFor();
    await page.getByText('second task').waitFor();
    const { task } = await service.call('POST', 'channel/by-hand/acquire', { workerId: 'me' });
    await service.call('POST', `task/${task._id}/release`, { workerId: 'me', output: 1 });
    await page.getByText('Percent Complete: 50.00%').waitFor();
});

test('a group is paused and resumed on the page', async () => {
    const [group] = await service.call('GET', 'task_groups');
    await button('Pause').click();
    await page.getByText('(Paused)').waitFor();
    const paused = async (is) => {
        const found = await service.call('GET', `task_group/${group._id}`);
        return found.isPaused === is;
    };
    await waitFor(() => paused(true), 'the pause');
    await button('Resume').click();
    await waitFor(() => paused(false), 'the resumption');
});

test('channels and operators have pages', async () => {
    await page.getByRole('menuitem', { name: 'Channels' }).click();
    await page.getByText('by-hand').first().waitFor();
    await service.call('POST', 'operators', {
        channel: 'called', url: 'http://127.0.0.1:9/', isPaused: true,
    });
    await page.getByRole('menuitem', { name: 'Operators' }).click();
    await page.getByText('http://127.0.0.1:9/').waitFor();
});

test('nothing went wrong on any page', () => {
    assert.deepEqual(problems, []);
});
