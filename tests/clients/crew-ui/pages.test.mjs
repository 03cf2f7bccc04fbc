// Crew's own pages, served by its own command, in a browser without a screen.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { launchBrowser, patience } from './browser.mjs';
import { launch, startService, waitFor } from './service.mjs';

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
/** What the page has asked for and not yet got. */
const unanswered = new Set();

before(async () => {
    service = await startService();
    const port = await freePort();
    // It builds the pages first, for the address that they shall ask.
    ui = await launch(process.execPath, [
        'node_modules/@orchard-insights/crew-ui/src/cli.js', 'serve', '--no-browser',
        '--port', String(port), '--url', `${service.url}/`], {}, /UI running at/);
    ui.url = `http://127.0.0.1:${port}/`;
    chrome = await launchBrowser();
    page = await chrome.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('response', (answer) => {
        if (answer.url().startsWith(service.url) && answer.status() >= 400)
            problems.push(`${answer.status()} ${answer.url()}`);
    });
    page.on('request', (request) => unanswered.add(request));
    page.on('requestfinished', (request) => unanswered.delete(request));
    page.on('requestfailed', (request) => {
        unanswered.delete(request);
        // What the page itself gives up is none.
        if (request.failure().errorText !== 'net::ERR_ABORTED')
            problems.push(`${request.failure().errorText} ${request.url()}`);
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

/**
 * A dialog by its header. What is asked for is looked for in it alone: one that
 * fades away still has a name to fill in and a button to press.
 */
const dialog = (name) => {
    const shown = page.getByRole('dialog', { name, exact: true });
    return {
        fill: (id, value) => shown.locator(`#${id}`).fill(value),
        press: (label) => shown.getByRole('button', { name: label, exact: true }).click(),
    };
};
const text = (what) => page.getByText(what, { exact: true });

/** The row of a table that has a text in it. */
const row = (name) => page.getByRole('row').filter({ hasText: name });

/** A test that says, where it fails, what is to be seen. */
const onPage = (name, body) => test(name, async () => {
    try {
        await body();
    } catch (problem) {
        const waits = [...unanswered].map((x) => `${x.method()} ${x.url()}`);
        problem.message += `\nIt waits for: ${waits.join(', ') || 'nothing'}`
            + `\nProblems: ${problems.join(', ') || 'none'}`
            + `\nThe page shows:\n${await page.locator('body').innerText()}`;
        throw problem;
    }
});

const acquire = (channel) => service.call('POST', `channel/${channel}/acquire`, { workerId: 'me' });
const release = (task, result) => service.call('POST', `task/${task._id}/release`,
    { workerId: 'me', ...result });

onPage('a group is made on the page', async () => {
    await button('Add Task Group').click();
    await dialog('Add Task Group').fill('name', 'made by hand');
    // Crew leads on to the page of the new group, and reads what it has: what is
    // made before that answer is lost from the page.
    const read = page.waitForResponse((x) => x.url().endsWith('/tasks'));
    await dialog('Add Task Group').press('Add');
    await (await read).finished();
    await text('made by hand').waitFor();
    const groups = await service.call('GET', 'task_groups');
    assert.deepEqual(groups.map((x) => x.name), ['made by hand']);
    [group] = groups;
});

onPage('a task is made on the page', async () => {
    await button('Add Task').click();
    const form = dialog('Add Task');
    await form.fill('name', 'first task');
    await form.fill('channel', 'by-hand');
    await form.press('Add');
    await row('first task').waitFor();
    const [task] = await service.tasks(group);
    assert.deepEqual([task.name, task.channel, task.remainingAttempts],
        ['first task', 'by-hand', 2]);
});

onPage('the page is told of what changes, and does not ask', async () => {
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

onPage('a group is paused, resumed and reset on the page', async () => {
    const shown = () => service.call('GET', `task_group/${group._id}`);
    await button('Pause').click();
    await text('(Paused)').waitFor();
    await waitFor(async () => (await shown()).isPaused, 'the pause');
    await button('Resume').click();
    await waitFor(async () => !(await shown()).isPaused, 'the resumption');
    await button('Reset').click();
    await dialog('Reset Task Group').press('Reset');
    await row('first task').locator('.pi-clock').waitFor();
    const [task] = await service.tasks(group);
    assert.equal(task.isComplete, false);
});

onPage('channels and operators have pages', async () => {
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
