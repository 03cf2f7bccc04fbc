// Starts the emulator for a test file and makes clients for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

import { ApifyClient } from 'apify-client';

import { checkAnswer } from './api_schemas.mjs';

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

/**
 * Starts an emulator that lives as long as the tests of this file.
 * @returns {Promise<{url: string, client: ApifyClient, stop: () => Promise<void>,
 *   connect: (options?: object) => ApifyClient}>}
 */
export async function startEmulator(...flags) {
    const args = ['emulate', '--listen', '127.0.0.1:0', ...flags];
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await readUrl(child);
    child.stdout.resume();
    after(() => stop(child));
    const connect = (options) => connectTo(url, options);
    return { url, connect, client: connect(), stop: () => stop(child) };
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
