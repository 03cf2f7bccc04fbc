#!/bin/sh
# Runs an Apify actor over the bus: examples/bus/submit.sh NAME ACTOR [INPUT]
set -eu
name=$1 actor=$2 input=${3:-"{}"}
server=${NATS_URL:-nats://127.0.0.1:4222}
subject=orchestrator.${ORC_INSTANCE:-main}.cmd

ask() {
  nats --server "$server" req --raw --timeout 310s "$subject.$1" "$2"
}

ask run.submit "{\"name\":\"$name\",\"actor\":\"$actor\",\"input\":$input}"
ask run.wait "{\"name\":\"$name\",\"waitSecs\":300}"
ask run.items "{\"name\":\"$name\",\"limit\":10}"
