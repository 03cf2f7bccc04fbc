// A NATS server, an emulator and a service, for the tests of a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';

const binary = process.env.ORC_BINARY ?? 'apify-orchestrator';
const folders = `${process.env.PATH}:/usr/sbin`;

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

// What is started within a test lives on after it.
const started = [];
after(() => Promise.all(started.map((child) => end(child))));

async function end(child, signal = 'SIGTERM') {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
}

/** Waits until `condition` returns something, and returns that. */
export async function eventually(condition, what = 'it', seconds = 30) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const result = await condition();
        if (result) return result;
        if (Date.now() > deadline) throw new Error(`waited too long: ${what}`);
        await new Promise((done) => { setTimeout(done, 20); });
    }
}

function listens(port) {
    return new Promise((done) => {
        const socket = dial(port, '127.0.0.1');
        socket.once('connect', () => { socket.destroy(); done(true); });
        socket.once('error', () => done(false));
    });
}

async function makeFolder() {
    const folder = await mkdtemp(join(tmpdir(), 'orc-bus-'));
    after(() => rm(folder, { recursive: true, force: true }));
    return folder;
}

/** Starts nats-server with JetStream; `kill` and `start` end and begin it again. */
export async function startBus() {
    const folder = await makeFolder();
    const port = await freePort();
    const config = join(folder, 'nats.conf');
    await writeFile(config, `listen: 127.0.0.1:${port}\n`
        + `jetstream { store_dir: "${join(folder, 'store')}" }\n`);
    let child;
    const start = async () => {
        child = spawn('nats-server', ['-c', config],
            { stdio: 'ignore', env: { ...process.env, PATH: folders } });
        started.push(child);
        await eventually(() => listens(port), 'nats-server');
    };
    await start();
    return { url: `nats://127.0.0.1:${port}`, start, kill: () => end(child, 'SIGKILL') };
}

async function launch(args, env = {}) {
    const child = spawn(binary, args,
        { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } });
    started.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
        const found = line.match(/listening on (http:\S+)/);
        if (found) {
            child.stdout.resume();
            return { url: found[1], kill: () => end(child, 'SIGKILL') };
        }
    }
    throw new Error(`${args[0]} ended before it listened`);
}

/** Starts the platform that runs are started on. */
export async function startPlatform() {
    const { url } = await launch(['emulate', '--listen', '127.0.0.1:0',
        '--no-rate-limits', '--user', 'tester:bus-token:16384:25']);
    return {
        url,
        async startsByKey() {
            const answer = await fetch(`${url}/emulator/runs?keyField=key`);
            const result = {};
            for (const { key } of await answer.json()) result[key] = (result[key] ?? 0) + 1;
            return result;
        },
    };
}

/** Starts a service on a bus; `kill` and `start` end and begin it again. */
export async function startService(platform, bus) {
    const data = join(await makeFolder(), 'data');
    const start = () => launch(
        ['serve', '--listen', '127.0.0.1:0', '--data', data, '--nats', bus.url,
            '--nats-instance', 'test'],
        { APIFY_TOKEN: 'bus-token', APIFY_API_BASE_URL: platform.url });
    let running = await start();
    return {
        kill: () => running.kill(),
        async start() { running = await start(); },
    };
}
