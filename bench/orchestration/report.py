"""The table, for people who look at it here and for docs/benchmarks.md."""

import re
import statistics

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def median(samples, column):
    return statistics.median(x[column] for x in samples)


def spread(samples, column):
    """@returns the median and, of several samples, least and most."""
    values = [x[column] for x in samples]
    text = number(statistics.median(values))
    if len(values) > 1:
        text += f" ({number(min(values))}–{number(max(values))})"
    return text


def number(x):
    if isinstance(x, int) or x >= 1000:
        return f"{x:,.0f}"
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def ratio(ours, peer):
    return "–" if peer == 0 else f"{ours / peer:.3f}"


def verdict(bar, ours):
    if bar is None:
        return ""
    if ours <= bar:
        return f"≤ {number(bar)}: met"
    if bar == 0:
        return "0: **missed**"
    return f"≤ {number(bar)}: **missed by {100 * (ours / bar - 1):.0f} %**"


def table(row, samples):
    """@returns the lines of one row of the benchmark, a column a line."""
    both = "peer" in samples
    lines = [f"| | ours |{' peer | ours/peer |' if both else ''} bar |",
             f"|---|---|{'---|---|' if both else ''}---|"]
    for column, bar, title in row["bars"]:
        ours = median(samples["ours"], column)
        line = f"| {title} | {spread(samples['ours'], column)} |"
        if both:
            peer = median(samples["peer"], column)
            line += (f" {spread(samples['peer'], column)} |"
                     f" {ratio(ours, peer)} |")
        lines.append(f"{line} {verdict(bar, ours)} |")
    return lines


def render(results):
    """@returns the measured part of the document."""
    lines = []
    for key in sorted(results):
        row = results[key]
        lines += [f"## {key}. {row['title']}", ""]
        lines += table(row, row["samples"])
        lines += ["", about(row), ""]
    return "\n".join(lines).rstrip()


def about(row):
    """@returns when, where and how a row was measured."""
    repeats = len(row["samples"]["ours"])
    loads = [x["load"] for side in row["samples"].values() for x in side]
    return (f"{row['date']}, `{row['command']}`, {repeats} "
            f"{'repetition' if repeats == 1 else 'repetitions'}; {row['machine']}; "
            f"load of the machine before each sample {min(loads):.1f} to "
            f"{max(loads):.1f}; ours: {row['versions']['ours']}"
            + (f"; peer: {row['versions']['peer']}."
               if "peer" in row["versions"] else "."))


def rows_of(text):
    """@returns the rows of a measured part by their numbers."""
    parts = re.split(r"^## (\d+)\. ", text, flags=re.MULTILINE)
    return {int(number): f"## {number}. {row.strip()}"
            for number, row in zip(parts[1::2], parts[2::2])}


def write_into(path, text):
    """Replaces rows of a document; others, and the words around, stay."""
    with open(path) as file:
        before, _, rest = file.read().partition(BEGIN)
    known, found, after = rest.partition(END)
    if not found:
        raise RuntimeError(f"{path} has no {BEGIN} … {END}")
    rows = rows_of(known) | rows_of(text)
    table = "\n\n".join(rows[number] for number in sorted(rows))
    with open(path, "w") as file:
        file.write(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")
