// One queue: makes tasks over 8 connections, then 8 workers do them, each one
// task at a time. All queues are driven by this program.
//
//   node queues.mjs QUEUE ADDRESS COUNT SECONDS
//
// Prints a line of JSON. A phase ends after COUNT tasks, or after SECONDS.

import { randomBytes } from 'node:crypto';
import net from 'node:net';

const [queue, address, countText, secondsText] = process.argv.slice(2);
const count = Number(countText);
const limit = Number(secondsText) * 1000;
const input = 'x'.repeat(200);
const producers = 8;
const workers = 8;

/** Calls `step` over and over, in so many lines at a time, until it says no. */
async function drive(lines, step) {
    const began = performance.now();
    let done = 0;
    const took = [];
    await Promise.all(Array.from({ length: lines }, async (_, line) => {
        while (performance.now() - began < limit) {
            const from = performance.now();
            const more = await step(line, done);
            if (!more) return;
            done += more;
            took.push(performance.now() - from);
        }
    }));
    took.sort((a, b) => a - b);
    const at = (share) => took[Math.floor(share * (took.length - 1))] ?? 0;
    const secs = (performance.now() - began) / 1000;
    return { done, perSec: done / secs, p50: at(0.5), p99: at(0.99) };
}

/** At most `count` in all. */
function counted(f) {
    let asked = 0;
    return async (line) => {
        if (asked >= count) return 0;
        asked += 1;
        await f(line);
        return 1;
    };
}

/**
 * A connection on which one thing is asked at a time, with no library between:
 * what a client costs should not hide what a server does.
 * @param {(got: string) => number} sizeOf what came so far; how long the answer
 *     is, 0 while that is not known.
 */
function connect(port, sizeOf) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1').setNoDelay();
        let got = '';
        let wanted;
        socket.setEncoding('latin1').on('error', reject).on('data', (data) => {
            got += data;
            const size = sizeOf(got);
            if (!wanted || size === 0 || got.length < size) return;
            const answer = got.slice(0, size);
            got = got.slice(size);
            wanted(answer);
        });
        const say = (text) => new Promise((f) => { wanted = f; socket.write(text); });
        socket.on('connect', () => resolve({ say, end: () => socket.end() }));
    });
}

function sizeOfResponse(got) {
    const head = got.indexOf('\r\n\r\n');
    if (head < 0) return 0;
    return head + 4 + Number(/content-length: *(\d+)/i.exec(got.slice(0, head))[1]);
}

async function ours() {
    const port = Number(new URL(address).port);
    const lines = await Promise.all(
        Array.from({ length: workers }, () => connect(port, sizeOfResponse)));
    const call = async (line, path, body) => {
        const text = JSON.stringify(body);
        const answer = await lines[line].say(
            `POST /api/v1/${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
            + 'Content-Type: application/json\r\n'
            + `Content-Length: ${text.length}\r\n\r\n${text}`);
        if (!answer.startsWith('HTTP/1.1 200')) throw new Error(answer);
        return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    };
    const group = await call(0, 'task_groups', { name: 'bench' });
    const next = [];
    return {
        make: (line) => call(line, `task_group/${group._id}/tasks`,
            { name: 't', channel: 'bench', input }),
        // A completion answers with the next task, as our own workers use it.
        work: async (line) => {
            const workerId = `w${line}`;
            const task = next[line]
                ?? (await call(line, 'channel/bench/acquire', { workerId })).task;
            if (!task) return 0;
            next[line] = (await call(line, `task/${task._id}/release?acquire=bench`,
                { workerId, output: 1 })).task;
            return 1;
        },
        end: () => lines.forEach((x) => x.end()),
    };
}

function sizeOfBeanstalk(got) {
    const end = got.indexOf('\r\n');
    if (end < 0) return 0;
    const body = got.startsWith('RESERVED') ? Number(got.slice(0, end).split(' ')[2]) + 2 : 0;
    return end + 2 + body;
}

async function beanstalkd() {
    const port = Number(new URL(address).port);
    const lines = await Promise.all(
        Array.from({ length: workers }, () => connect(port, sizeOfBeanstalk)));
    const put = `put 1024 0 60 ${input.length}\r\n${input}\r\n`;
    return {
        make: (line) => lines[line].say(put),
        work: async (line) => {
            const got = await lines[line].say('reserve-with-timeout 0\r\n');
            if (!got.startsWith('RESERVED')) return 0;
            await lines[line].say(`delete ${got.split(' ')[1]}\r\n`);
            return 1;
        },
        end: () => lines.forEach((x) => x.end()),
    };
}

async function bullmq() {
    const { Queue, Worker } = await import('bullmq');
    const { default: Redis } = await import('ioredis');
    const connect = () => new Redis(address, { maxRetriesPerRequest: null });
    const clients = [connect(), connect()];
    const tasks = new Queue('bench', { connection: clients[0] });
    const worker = new Worker('bench', null, { connection: clients[1], autorun: false });
    await worker.waitUntilReady();
    const token = randomBytes(8).toString('hex');
    const next = [];
    return {
        make: () => tasks.add('t', { input }, { removeOnComplete: true }),
        // A completion answers with the next task, as BullMQ's own workers use it.
        work: async (line) => {
            const job = next[line] ?? await worker.getNextJob(token, { block: false });
            if (!job) return 0;
            const more = await job.moveToCompleted(1, token, true);
            next[line] = more?.[0] && await worker.nextJobFromJobData(more[0], more[1], token);
            return 1;
        },
        end: async () => {
            await worker.close(true);
            await tasks.close();
            clients.forEach((x) => x.disconnect());
        },
    };
}

async function graphile() {
    const { Logger, makeWorkerUtils, run } = await import('graphile-worker');
    const { Pool } = (await import('pg')).default;
    const pool = new Pool({ connectionString: address, max: 16 });
    pool.on('error', (error) => { throw error; });
    // What is printed here is read by others.
    const logger = new Logger(() => () => {});
    const utils = await makeWorkerUtils({ pgPool: pool, logger });
    await utils.migrate();
    return {
        make: () => utils.addJob('t', { input }),
        drain: () => new Promise((resolve) => {
            let done = 0;
            let runner;
            const began = performance.now();
            const timer = setTimeout(() => finish(), limit);
            const finish = () => {
                clearTimeout(timer);
                const secs = (performance.now() - began) / 1000;
                runner?.stop().finally(() => resolve({ done, perSec: done / secs }));
            };
            run({
                pgPool: pool, concurrency: workers, noHandleSignals: true,
                taskList: { t: async () => { if (++done === count) setTimeout(finish, 5); } },
                logger,
            }).then((x) => { runner = x; });
        }),
        end: async () => { await utils.release(); await pool.end(); },
    };
}

async function pgboss() {
    const PgBoss = (await import('pg-boss')).default;
    const boss = new PgBoss({ connectionString: address, max: 16, supervise: false });
    await boss.start();
    await boss.createQueue('bench');
    return {
        make: () => boss.send('bench', { input }),
        work: async () => {
            const [job] = await boss.fetch('bench');
            if (!job) return 0;
            await boss.complete('bench', job.id);
            return 1;
        },
        end: () => boss.stop({ graceful: false }),
    };
}

const queues = { ours, beanstalkd, bullmq, graphile, pgboss };
const subject = await queues[queue]();
const mark = () => { process.stdout.write('MARK\n'); };
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
mark();
const before = cpu();
const made = await drive(producers, counted(subject.make));
mark();
const between = cpu();
const worked = subject.drain ? await subject.drain() : await drive(workers, subject.work);
mark();
const after = cpu();
await subject.end?.();
process.stdout.write(`${JSON.stringify({
    made: { ...made, clientCpu: between - before },
    worked: { ...worked, clientCpu: after - between },
})}\n`);
process.exit(0);
