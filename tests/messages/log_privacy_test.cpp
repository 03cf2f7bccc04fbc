#include "messages/base/log_privacy.hpp"

#include <catch2/catch.hpp>

using orc::without_sensitive;

TEST_CASE("ids and URLs are left out of a log line, names are not") {
  CHECK(without_sensitive("name=job-1/3 attempt=1 runId=HG7ML7M8z78YcAPEB")
        == "name=job-1/3 attempt=1 runId=***");
  CHECK(without_sensitive(R"(runId=a error="platform run HG7ML7M8z78YcAPEB: )"
                          R"(no answer of http://127.0.0.1:80: refused")")
        == R"(runId=*** error="platform run ***: no answer of http://***: )"
           R"(refused")");
  CHECK(without_sensitive("items of dataset wxyz1234567890abc: gone")
        == "items of dataset ***: gone");
}

TEST_CASE("a sentence that names no id stays as it is") {
  for (auto text : {"", "a platform run that ended", "list of platform runs",
                    "the dataset is full", "alive=3 of=7"})
    CHECK(without_sensitive(text) == text);
}
