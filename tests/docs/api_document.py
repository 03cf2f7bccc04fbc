#!/usr/bin/env python3
"""Writes docs/api.md from what a service says of itself.

    tests/docs/api_document.py URL > docs/api.md

URL is where `apify-orchestrator serve` listens.
"""

import json
import os
import sys
import urllib.request

HEAD = """# HTTP API

Made from `/openapi.json` of the service by `tests/docs/api_document.py`; a test compares them. The same document serves `/api-docs/`,
where every route can be tried. Bodies are JSON. With a token set, all routes but those marked *open* want
`Authorization: Bearer TOKEN`. Errors are `{"error":{"type","message"}}`, on the routes of [tasks](tasks.md) `{"message"}`; the types
are [those below](#errors). `/v2/…`, the platform's own API with a queue in front, is in [gateway.md](gateway.md).

"""

ERRORS = """## Errors

`error.type` is one of these, or the platform's own type where its refusal is passed on. The message says what to do.

| type | |
|---|---|
"""


def type_of(schema):
    """Returns how a schema reads in a table."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name})"
    if "anyOf" in schema or "oneOf" in schema:
        parts = schema.get("anyOf") or schema["oneOf"]
        return " or ".join(type_of(x) for x in parts)
    if "enum" in schema:
        return ", ".join(f"`{x}`" for x in schema["enum"])
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        kind = " or ".join(kind)
    if kind == "array":
        return "array of " + type_of(schema.get("items", {}))
    if kind == "object" and "additionalProperties" in schema:
        inner = schema["additionalProperties"]
        return "map of " + (type_of(inner) if isinstance(inner, dict)
                            else "any")
    limits = [f"{sign} {schema[name]}" for name, sign in
              (("minimum", "≥"), ("maximum", "≤"), ("default", "default"))
              if name in schema]
    return kind + (f" ({', '.join(limits)})" if limits else "")


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def body_of(content):
    for media, body in content.items():
        schema = body.get("schema")
        yield type_of(schema) if schema else f"`{media}`"


def route(path, method, what):
    lines = [f"### {method.upper()} {path}", ""]
    is_open = what.get("security") == []
    lines.append(what["description"] + (" *Open.*" if is_open else ""))
    lines.append("")
    rows = []
    for x in what.get("parameters", []):
        rows.append(f"| `{x['name']}` | {x['in']} | "
                    f"{cell(type_of(x.get('schema', {})))} | "
                    f"{cell(x.get('description', ''))} |")
    if "requestBody" in what:
        bodies = " or ".join(body_of(what["requestBody"]["content"]))
        rows.append(f"| body | | {cell(bodies)} | |")
    if rows:
        lines += ["| parameter | in | type | |", "|---|---|---|---|", *rows, ""]
    answers = []
    for status, answer in what["responses"].items():
        if status == "default":
            continue
        bodies = " or ".join(body_of(answer.get("content", {})))
        answers.append(f"{status}: {answer['description']}"
                       + (f" {bodies}." if bodies else ""))
    lines += ["Answers " + " ".join(answers), ""]
    return lines


def schema(name, what):
    lines = [f"### {name}", "", what.get("description", ""), ""]
    if "enum" in what:
        lines += [type_of(what), ""]
    rows = [f"| `{field}` | {cell(type_of(x))} | "
            f"{'' if field in what.get('required', []) else 'may be missing'} |"
            f" {cell(x.get('description', ''))} |"
            for field, x in what.get("properties", {}).items()]
    if rows:
        lines += ["| field | type | | |", "|---|---|---|---|", *rows, ""]
    return lines


def render(document, errors):
    lines = ["## Routes", ""]
    for path, methods in sorted(document["paths"].items()):
        for method, what in methods.items():
            lines += route(path, method, what)
    lines += ["## Documents", ""]
    for name, what in sorted(document["components"]["schemas"].items()):
        lines += schema(name, what)
    table = "".join(f"| `{name}` | {cell(text)} |\n" for name, text in errors)
    return HEAD + "\n".join(lines) + "\n" + ERRORS + table


def errors_of(header):
    """Returns (name, sentence) of every code in messages/base/error.hpp."""
    body = header.split("enum class ec", 1)[1].split("{", 1)[1]
    sentence, result = [], []
    for line in body.split("};", 1)[0].splitlines():
        line = line.strip()
        if line.startswith("///"):
            sentence.append(line[3:].strip())
            continue
        name = line.split("=")[0].strip().rstrip(",")
        if name and name not in ("none", "count"):
            result.append((name.replace("_", "-"), " ".join(sentence)))
        sentence = []
    return result


def main():
    with urllib.request.urlopen(sys.argv[1] + "/openapi.json") as answer:
        document = json.load(answer)
    header = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                          "..", "messages", "base", "error.hpp")
    with open(header, encoding="utf-8") as file:
        sys.stdout.write(render(document, errors_of(file.read())))


if __name__ == "__main__":
    main()
