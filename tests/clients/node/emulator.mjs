// Starts the emulator for a test file, and a service in front of it, and makes
// clients for them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

import { ApifyClient } from 'apify-client';

import { checkAnswer } from './api_schemas.mjs';

/** Whether clients reach the emulator through the gateway of a service. */
export const throughService = process.env.ORC_THROUGH_SERVICE === '1';

/** Options of tests that go by ids which only the platform itself tells. */
export const byPlatformId = {
    skip: throughService && 'the platform knows the run by another id',
};

const binary = process.env.ORC_BINARY ?? 'apify-orchestrator';

async function readUrl(child) {
    for await (const line of createInterface({ input: child.stdout })) {
        const found = line.match(/listening on (http:\S+)/);
        if (found) return found[1];
    }
    throw new Error('the emulator ended before it listened');
}

async function stop(child) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
}

/** Starts the binary and waits until it listens. It lives as long as the tests of this file. */
async function start(args, env = {}) {
    const child = spawn(binary, args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...env },
    });
    const url = await readUrl(child);
    child.stdout.resume();
    after(() => stop(child));
    return { child, url };
}

/**
 * Starts a service whose platform is at `platformUrl`.
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function startService(platformUrl, env = {}) {
    const data = await mkdtemp(join(tmpdir(), 'orc-clients-'));
    after(() => rm(data, { recursive: true, force: true }));
    const { child, url } = await start(
        ['serve', '--listen', '127.0.0.1:0', '--data', data, '--log-level', 'warn'],
        {
            APIFY_TOKEN: 'emulator-token',
            APIFY_API_BASE_URL: platformUrl,
            // Or who sends no token could use the account.
            ORCHESTRATOR_TOKEN: 'service-token',
            ...env,
        },
    );
    return { url, stop: () => stop(child) };
}

/**
 * Starts an emulator. With ORC_THROUGH_SERVICE=1 clients reach it through the
 * gateway of a service, and must not notice.
 * @returns {Promise<{url: string, client: ApifyClient, stop: () => Promise<void>,
 *   connect: (options?: object) => ApifyClient}>}
 */
export async function startEmulator(...flags) {
    const { child, url: platformUrl } = await start(
        ['emulate', '--listen', '127.0.0.1:0', ...flags]);
    const { url } = throughService ? await startService(platformUrl) : { url: platformUrl };
    const connect = (options) => connectTo(url, options);
    return { url, platformUrl, connect, client: connect(), stop: () => stop(child) };
}

/** Makes a client whose answers are all checked against the API's document. */
export function connectTo(url, options = {}) {
    const client = new ApifyClient({
        baseUrl: url,
        token: 'emulator-token',
        minDelayBetweenRetriesMillis: 20,
        ...options,
    });
    client.httpClient.axios.interceptors.response.use(checkAnswer);
    return client;
}

/** A scripted Apify actor: its input says what it does. */
export const scripted = 'tester/scripted';

/** Waits until `condition` returns something, and returns that. */
export async function eventually(condition, what = 'it') {
    const deadline = Date.now() + 20_000;
    for (;;) {
        const result = await condition();
        if (result) return result;
        if (Date.now() > deadline) throw new Error(`waited too long: ${what}`);
        await new Promise((done) => { setTimeout(done, 20); });
    }
}
