// Workers made of Crew's own classes, as its users write them.

const Worker = require('@orchard-insights/crew/dist/src/Worker').default;
const WorkerGroup = require('@orchard-insights/crew/dist/src/WorkerGroup').default;

class Adder extends Worker {
    name = 'Adder';

    channel = 'add';

    async executeTask(input, parents) {
        if (input && input.throw) throw new Error(input.throw);
        if (input && input.limited) {
            this.pauseWorkgroupSeconds = 60;
            throw new Error('slow down');
        }
        const sum = (input?.add ?? 0)
            + parents.reduce((total, parent) => total + parent.output.sum, 0);
        return { output: { sum }, children: input?.children ?? [] };
    }
}

const group = new WorkerGroup([new Adder(), new Adder()]);
console.log('workers of', group.workers.length);
