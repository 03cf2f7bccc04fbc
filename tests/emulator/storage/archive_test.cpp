#include "emulator/api/context.hpp"
#include "emulator/storage/digest.hpp"
#include "emulator/storage/storage.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace orc::emulator;
using orc::test::temp_folder;

namespace {

const auto me = user{"u1", "jane", "t"};

json_document request(const std::string& url, bool handled = false) {
  auto result = json_document{};
  parse_json(R"({"url":")" + url + '"'
               + (handled ? R"(,"handledAt":"2026-01-01")" : "") + '}',
             result);
  return result;
}

} // namespace

TEST_CASE("datasets outlive the emulator") {
  const auto dir = temp_folder{};
  auto id = std::string{};
  {
    auto before = storage{{dir.path()}};
    const auto made = before.datasets().create(new_storage(me, "kept"));
    id = made->info().id;
    before.push_items(id, {R"({"a": 1})", R"({"#b":2})"});
    before.push_items(id, {R"({"c":"\n"})"});
  }

  auto after = storage{{dir.path()}};

  const auto found = after.datasets().find_named("u1", "kept");
  REQUIRE(found != nullptr);
  CHECK(found->info().id == id);
  CHECK(found->items().size() == 3);
  CHECK(found->items()[2] == R"({"c":"\n"})");
  CHECK(found->items().clean_size() == 2);
}

TEST_CASE("an item that was cut off by a crash is dropped, not the others") {
  const auto dir = temp_folder{};
  auto id = std::string{};
  {
    auto before = storage{{dir.path()}};
    id = before.datasets().create(new_storage(me, ""))->info().id;
    before.push_items(id, {R"({"a":1})"});
  }
  std::ofstream{dir.path() / "datasets" / (id + ".jsonl"), std::ios::app}
    << R"({"a":2)";

  storage{{dir.path()}}.push_items(id, {R"({"a":3})"});

  const auto after = storage{{dir.path()}};
  CHECK(after.item_count(id) == 2);
}

TEST_CASE("records outlive the emulator, under any key") {
  const auto dir = temp_folder{};
  auto id = std::string{};
  const auto long_key = std::string(256, 'k');
  {
    auto before = storage{{dir.path()}};
    id = before.stores().create(new_storage(me, ""))->info().id;
    for (const auto& key : {std::string{"INPUT"}, std::string{".."},
                            std::string{"x.new"}, long_key})
      before.put_record(id, key, {"text/x", "\n\0body"});
    before.put_record(id, "gone", {"text/x", ""});
    before.remove(*before.stores().find(id), "gone");
  }

  const auto after = storage{{dir.path()}};

  for (const auto& key : {std::string{"INPUT"}, std::string{".."},
                          std::string{"x.new"}, long_key}) {
    const auto* record = after.find_record(id, key);
    REQUIRE(record != nullptr);
    CHECK(record->content_type == "text/x");
    CHECK(record->body == "\n\0body");
  }
  CHECK(after.find_record(id, "gone") == nullptr);
}

TEST_CASE("request queues outlive the emulator, but locks do not") {
  const auto dir = temp_folder{};
  auto id = std::string{};
  {
    auto before = storage{{dir.path()}};
    const auto queue = before.queues().create(new_storage(me, ""));
    id = queue->info().id;
    for (const auto* url : {"a", "b", "c", "d"})
      before.add(*queue, request(url), false);
    before.add(*queue, request("front"), true);
    before.update(*queue, request_id_of("b"), request("b", true), false);
    before.remove(*queue, request_id_of("c"));
    queue->lock_head(5, std::chrono::seconds{60}, "me");
  }

  auto after = storage{{dir.path()}};

  const auto queue = after.queues().find(id);
  REQUIRE(queue != nullptr);
  auto order = std::string{};
  for (const auto* x : queue->lock_head(5, std::chrono::seconds{60}, "you"))
    order += x->url + ' ';
  CHECK(order == "front a d ");
  CHECK(queue->find(request_id_of("b"))->handled);
}

TEST_CASE("what was removed or renamed stays so") {
  const auto dir = temp_folder{};
  {
    auto before = storage{{dir.path()}};
    const auto a = before.datasets().create(new_storage(me, "a"));
    const auto b = before.datasets().create(new_storage(me, "b"));
    before.push_items(a->info().id, {"{}"});
    before.datasets().remove(a->info().id);
    before.datasets().rename(*b, "a");
  }

  auto after = storage{{dir.path()}};

  CHECK(after.datasets().list("u1", {}).total == 1);
  CHECK(after.datasets().find_named("u1", "a") != nullptr);
  CHECK(after.datasets().find_named("u1", "b") == nullptr);
}

TEST_CASE("a run gets three storages, which go with it unless named") {
  auto all = storage{};

  const auto ids = all.create_for_run(me, "actor", "run");
  const auto dataset = all.datasets().find(ids.dataset_id);
  REQUIRE(dataset != nullptr);
  CHECK(dataset->info().act_run_id == "run");
  CHECK(dataset->info().act_id == "actor");
  all.datasets().rename(*dataset, "kept");
  all.remove_for_run(ids);

  CHECK(all.datasets().find(ids.dataset_id) != nullptr);
  CHECK(all.stores().find(ids.key_value_store_id) == nullptr);
  CHECK(all.queues().find(ids.request_queue_id) == nullptr);
}

TEST_CASE("a directory that cannot be made is an error that names it") {
  try {
    storage{{"/proc/none"}};
    FAIL("no error");
  } catch (const api_error& error) {
    CHECK(error.message.find("/proc/none") != std::string::npos);
  }
}
