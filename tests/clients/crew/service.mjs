// The service that Crew's clients speak to, and Crew's API in a few words.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const environment = (more) => ({
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) =>
        !/^(APIFY_|ORCHESTRATOR_|CREW_)/.test(name))),
    ...more,
});

/** Starts a program and waits until one of its lines fits. */
export async function launch(command, args, env, pattern) {
    const child = spawn(command, args, { env: environment(env), stdio: 'pipe' });
    let text = '';
    const found = await new Promise((resolve, reject) => {
        for (const stream of ['stdout', 'stderr'])
            child[stream].on('data', (data) => {
                text += data;
                const match = text.match(pattern);
                if (match) resolve(match);
            });
        child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
        child.on('error', reject);
    });
    const stop = (signal = 'SIGTERM') => new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.on('exit', resolve);
        child.kill(signal);
    });
    return { child, found, stop, output: () => text };
}

export const startService = (...args) => startService.with({}, ...args);

/** Starts it with more environment variables. */
startService.with = async (variables, ...args) => {
    const data = mkdtempSync(join(tmpdir(), 'orc-crew-'));
    const { found, stop } = await launch(process.env.ORC_BINARY,
        ['serve', '--listen', '127.0.0.1:0', '--data', data, ...args], variables,
        /listening on (http:\/\/127\.0\.0\.1:\d+)/);
    const url = found[1];
    const call = async (method, path, body) => {
        const answer = await fetch(`${url}/api/v1/${path}`, {
            method,
            headers: body ? { 'content-type': 'application/json' } : {},
            body: body && JSON.stringify(body),
        });
        const json = await answer.json();
        if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(json)}`);
        return json;
    };
    return {
        url,
        call,
        group: (name = 'group') => call('POST', 'task_groups', { name }),
        create: (group, task) => call('POST', `task_group/${group._id}/tasks`, task),
        tasks: (group) => call('GET', `task_group/${group._id}/tasks`),
        async stop() {
            await stop();
            rmSync(data, { recursive: true, force: true });
        },
    };
};

export async function waitFor(condition, what, seconds = 30) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const result = await condition();
        if (result) return result;
        if (Date.now() > deadline) throw new Error(`${what} did not come true`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
