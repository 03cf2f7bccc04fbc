// Prints how runs end, from the first end that the stream of facts has:
//
//     node watch.js [nats://127.0.0.1:4222] [main]
//
// Needs `npm install nats`. Stop it with Ctrl-C.

const { connect, consumerOpts } = require('nats');

async function main([server = 'nats://127.0.0.1:4222', instance = 'main']) {
  const bus = await connect({ servers: server });
  process.once('SIGINT', () => bus.drain());
  const options = consumerOpts().orderedConsumer().deliverAll();
  const facts = await bus.jetstream().subscribe(
    `orchestrator.${instance}.evt.run.ended`, options);
  for await (const message of facts) {
    const { subject, data } = message.json();
    console.log(subject, data.status);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
