#!/bin/sh
# Counts the words of {"text": "…"}: the input comes on standard input, what is
# printed is the output of the task.
text=$(sed -n 's/.*"text":"\([^"]*\)".*/\1/p')
if [ -z "$text" ]; then
  echo "the input has no text" >&2
  exit 1
fi
echo "$text" | wc -w
