// Counts the words of {"text": "…"} with Crew's own Worker class.
//
//   npm install @orchard-insights/crew
//   CREW_API_BASE_URL=http://127.0.0.1:8484/ node count_words.js

const Worker = require('@orchard-insights/crew/dist/src/Worker').default;
const WorkerGroup = require('@orchard-insights/crew/dist/src/WorkerGroup').default;

class WordCounter extends Worker {
    name = 'word counter';

    channel = 'words';

    async executeTask(input) {
        return { output: { words: input.text.split(/\s+/).length } };
    }
}

new WorkerGroup([new WordCounter()]);
