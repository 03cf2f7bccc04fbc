#!/usr/bin/env python3
"""Sends a plan as durable commands and follows it until all runs are final.

    plan.py PLAN.json [--server nats://127.0.0.1:4222] [--instance main]

PLAN.json is what `apify-orchestrator run` takes: {"runs": [{"name": …}]}. Start
it again whenever you like: every command takes effect once.
"""

import argparse
import asyncio
import json

import nats
from nats.js.api import ConsumerConfig, DeliverPolicy


async def send(stream, subject, runs):
    for run in runs:
        await stream.publish(f"{subject}.work.run.submit",
                             json.dumps(run).encode(),
                             headers={"Nats-Msg-Id": "plan-" + run["name"]})


async def follow(stream, instance, subject, names):
    """Prints how each run ends."""
    facts = await stream.subscribe(
        f"{subject}.evt.>", stream=f"orchestrator-{instance}-evt",
        ordered_consumer=True,
        config=ConsumerConfig(deliver_policy=DeliverPolicy.ALL))
    while names:
        event = json.loads((await facts.next_msg(timeout=3600)).data)
        kind = event["type"].removeprefix("apify-orchestrator.")
        if kind == "run.ended" and event["data"]["name"] in names:
            names.remove(event["data"]["name"])
            print(event["data"]["name"], event["data"]["status"])
        elif kind == "command.failed":
            print("refused:", event["data"])
            names.discard(event["subject"].removeprefix("plan-"))


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan")
    parser.add_argument("--server", default="nats://127.0.0.1:4222")
    parser.add_argument("--instance", default="main")
    options = parser.parse_args()
    with open(options.plan, encoding="utf-8") as file:
        runs = json.load(file)["runs"]
    bus = await nats.connect(options.server)
    subject = f"orchestrator.{options.instance}"
    stream = bus.jetstream()
    await send(stream, subject, runs)
    await follow(stream, options.instance, subject,
                 {run["name"] for run in runs})
    await bus.drain()


if __name__ == "__main__":
    asyncio.run(main())
