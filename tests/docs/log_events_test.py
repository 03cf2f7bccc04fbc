"""docs/log_events.md tells of every event that the sources log, and of no other."""

import os
import re
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
LAYERS = ("messages", "actors", "transport", "persistence", "embedding", "app")

# Whose name is put together elsewhere, and where that is.
INDIRECT = {("budgets", "budget-reached"), ("budgets", "budget-warned"),
            ("http-api", "event-stream-cut"), ("http-api", "ended-stream-cut"),
            ("reporter", "report"), ("reporter", "report-account"),
            ("reporter", "report-batch"),
            ("reporter", "report-budget"), ("reporter", "report-run"),
            ("tracker", "poll-failed"), ("tracker", "sweep-failed")}


LOGGER = re.compile(r'constexpr logger (\w+)\{"([\w-]+)"\}')


def sources():
    """Yields the text of each source, and of the `log.hpp` beside it."""
    for layer in LAYERS:
        for folder, _, names in os.walk(os.path.join(ROOT, layer)):
            beside = ""
            if "log.hpp" in names:
                with open(os.path.join(folder, "log.hpp"),
                          encoding="utf-8") as file:
                    beside = file.read()
            for name in names:
                if name.endswith((".cpp", ".hpp")):
                    with open(os.path.join(folder, name),
                              encoding="utf-8") as file:
                        yield file.read(), beside


def logged():
    """Returns (component, event): levels."""
    result = {}
    for text, beside in sources():
        logger = LOGGER.search(text) or LOGGER.search(beside)
        if not logger:
            continue
        for level, event in re.findall(
                rf'\b{logger.group(1)}\s*\.(debug|info|warn|error)\(\s*'
                r'"([\w-]+)"', text):
            result.setdefault((logger.group(2), event), set()).add(level)
    return result


def told():
    with open(os.path.join(ROOT, "docs", "log_events.md"),
              encoding="utf-8") as file:
        return {(component, event): level for component, event, level
                in re.findall(r"^\| ([\w-]+) \| ([\w-]+) \| (\w+) \| \S",
                              file.read(), re.MULTILINE)
                if component != "component"}


class LogEvents(unittest.TestCase):
    def test_every_event_is_told_with_its_level(self):
        missing = {key: levels for key, levels in logged().items()
                   if told().get(key) not in levels}
        self.assertEqual(missing, {}, "add them to docs/log_events.md")

    def test_every_line_of_the_log_has_a_component(self):
        for text, beside in sources():
            if re.search(r"\blog\s*\.(debug|info|warn|error)\(", text):
                self.assertTrue(LOGGER.search(text) or LOGGER.search(beside),
                                text[:200])

    def test_no_event_is_told_that_nobody_logs(self):
        self.assertEqual(set(told()) - set(logged()) - INDIRECT, set())

    def test_indirect_names_are_in_the_sources(self):
        text = "\n".join(text for text, _ in sources())
        for _, event in INDIRECT:
            words = (f'"{event}"', f'"{event} ', event.replace("-", "_"))
            self.assertTrue(any(x in text for x in words), event)

    def test_the_table_is_in_order(self):
        names = list(told())
        self.assertEqual(names, sorted(names))


if __name__ == "__main__":
    unittest.main()
