// An HttpWorker as Crew's users write them.

const HttpWorker = require('@orchard-insights/crew/dist/src/HttpWorker').default;
const HttpWorkerGroup = require('@orchard-insights/crew/dist/src/HttpWorkerGroup').default;
const WorkerServer = require('@orchard-insights/crew/dist/src/WorkerServer').default;

class Doubler extends HttpWorker {
    name = 'Doubler';

    channel = 'double';

    async executeTask(input, parents) {
        if (typeof input !== 'number') throw new Error('no number');
        const before = parents[0]?.output.twice;
        return {
            output: { twice: 2 * input, before },
            children: input === 21
                ? [{ name: 'made of good', channel: 'nobody' }] : [],
        };
    }
}

new HttpWorkerGroup([new Doubler()], new WorkerServer());
