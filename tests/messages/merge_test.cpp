#include "messages/json/merge.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("an object is put under another, whose fields win") {
  CHECK(*merge_objects(R"({"a":1,"b":{"x":1}})", R"({"b":{"y":2},"c":[3]})")
        == R"({"a":1,"b":{"y":2},"c":[3]})");
}

TEST_CASE("nothing under an object, or over one, changes nothing") {
  CHECK(*merge_objects("", R"({"a": 1})") == R"({"a":1})");
  CHECK(*merge_objects(R"({"a": 1})", "") == R"({"a":1})");
  CHECK(*merge_objects("", "") == "{}");
  CHECK(*merge_objects("{}", "{}") == "{}");
}

TEST_CASE("numbers stay as they are written, names compare decoded") {
  CHECK(*merge_objects(R"({"a":1.0,"\u0062":1e40})",
                       R"({"c":12345678901234567890123,"b":"x"})")
        == R"({"a":1.0,"c":12345678901234567890123,"b":"x"})");
}

TEST_CASE("what is no object cannot be merged") {
  CHECK(code_of(merge_objects("[]", "{}").error()) == ec::bad_field);
  CHECK(code_of(merge_objects("{}", "7").error()) == ec::bad_field);
  CHECK(code_of(merge_objects("{", "{}").error()) == ec::bad_json);
}
