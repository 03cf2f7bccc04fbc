"""What `cmake --install` brings."""

import os
import re
import subprocess
import unittest

from prefix import Prefix, run


class Install(unittest.TestCase):
    def setUp(self):
        self.prefix = Prefix.get()

    def test_all_parts_are_there(self):
        for path in ("bin/apify-orchestrator",
                     "share/man/man1/apify-orchestrator.1",
                     "share/bash-completion/completions/apify-orchestrator",
                     "include/apify-orchestrator/embedding/orchestrator.hpp",
                     "include/apify-orchestrator/messages/orchestrator.hpp",
                     "lib/libapify-orchestrator.a",
                     "lib/cmake/ApifyOrchestrator/"
                     "ApifyOrchestratorConfig.cmake",
                     "lib/cmake/ApifyOrchestrator/"
                     "ApifyOrchestratorConfigVersion.cmake",
                     "lib/pkgconfig/apify-orchestrator.pc"):
            self.assertTrue(os.path.isfile(self.prefix / path), path)

    def test_headers_lie_in_one_folder(self):
        self.assertEqual(os.listdir(self.prefix / "include"),
                         ["apify-orchestrator"])

    def test_headers_name_each_other_from_that_folder(self):
        top = self.prefix / "include"
        for root, _, files in os.walk(top):
            for name in files:
                with open(os.path.join(root, name), encoding="utf-8") as file:
                    text = file.read()
                self.assertNotRegex(text, r'#include "', name)
                for header in re.findall(r"#include <(apify-orchestrator/.*)>",
                                         text):
                    self.assertTrue(os.path.isfile(os.path.join(top, header)),
                                    f"{header} in {name}")
                self.assertNotRegex(text, r"#include <(boost|rapidjson|sqlite)",
                                    name)

    def test_the_installed_program_works(self):
        said = run(self.prefix / "bin/apify-orchestrator", "version")
        self.assertIn("apify-orchestrator", said)

    def test_pkg_config_knows_where_it_lies(self):
        said = self.pkg_config("--cflags", "--libs")
        self.assertIn("-lapify-orchestrator", said)
        self.assertIn("-lcaf_core", said)
        self.assertIn("moved", said)
        version = run(self.prefix / "bin/apify-orchestrator", "version")
        self.assertIn(self.pkg_config("--modversion").strip(), version)

    def test_another_version_is_refused(self):
        source = self.prefix.folder + "/too_new"
        os.makedirs(source)
        with open(source + "/CMakeLists.txt", "w", encoding="utf-8") as file:
            file.write("cmake_minimum_required(VERSION 3.22)\n"
                       "project(too_new LANGUAGES CXX)\n"
                       "find_package(ApifyOrchestrator 99 REQUIRED)\n")
        done = subprocess.run(
            ["cmake", "-S", source, "-B", source + "/build",
             "-DCMAKE_PREFIX_PATH=" + self.prefix.path], text=True,
            capture_output=True, check=False, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("ApifyOrchestratorConfig.cmake, version", done.stderr)

    def pkg_config(self, *words):
        return run("pkg-config", *words, "apify-orchestrator",
                   env=dict(os.environ, PKG_CONFIG_PATH=self.prefix
                            / "lib/pkgconfig"))


if __name__ == "__main__":
    unittest.main()
