#include "emulator/api/context.hpp"
#include "emulator/storage/digest.hpp"
#include "emulator/storage/request_queue.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;
using namespace std::chrono_literals;

namespace {

json_document request(const std::string& key, const std::string& more = "") {
  auto result = json_document{};
  parse_json(R"({"url":"http://x/)" + key + R"(","uniqueKey":")" + key + '"'
               + more + '}',
             result);
  return result;
}

request_queue queue_with(std::initializer_list<const char*> keys) {
  auto result = request_queue{storage_info{}};
  for (const auto* key : keys)
    result.add(request(key), false);
  return result;
}

std::string keys_of(const std::vector<const queued_request*>& requests) {
  auto result = std::string{};
  for (const auto* x : requests)
    result += x->unique_key + ' ';
  return result;
}

constexpr auto handled = R"(,"handledAt":"2026-01-01T00:00:00.000Z")";

} // namespace

TEST_CASE("ids of requests are those that SDKs compute") {
  CHECK(request_id_of("http://example.com") == "8OamqXBCpPHxyH9");
  CHECK(from_base64(to_base64("any text")) == "any text");
  CHECK(from_base64("eyJyZXF1ZXN0SWQiOiI2OFRqQ2RaTDNvM2hiUU0ifQ")
        == R"({"requestId":"68TjCdZL3o3hbQM"})");
}

TEST_CASE("a unique key is added once") {
  auto queue = queue_with({"a"});

  const auto again = queue.add(request("a"), true);

  CHECK(again.was_already_present);
  CHECK_FALSE(again.was_already_handled);
  CHECK(again.request_id == request_id_of("a"));
  CHECK(queue.requests().size() == 1);
}

TEST_CASE("a request needs a url") {
  auto queue = queue_with({});
  auto nameless = json_document{};
  parse_json(R"({"uniqueKey":"a"})", nameless);

  CHECK_THROWS_AS(queue.add(nameless, false), api_error);
}

TEST_CASE("the head has the oldest first, and what went to the front before") {
  auto queue = queue_with({"a", "b"});

  queue.add(request("c"), true);
  queue.add(request("d"), true);

  CHECK(keys_of(queue.head(10)) == "d c a b ");
  CHECK(keys_of(queue.head(2)) == "d c ");
}

TEST_CASE("what is handled leaves the head and stays known") {
  auto queue = queue_with({"a", "b"});

  const auto done
    = queue.update(request_id_of("a"), request("a", handled), false);

  CHECK_FALSE(done.was_already_handled);
  CHECK(keys_of(queue.head(10)) == "b ");
  CHECK(queue.add(request("a"), false).was_already_handled);
  CHECK(
    queue.update(request_id_of("a"), request("a"), false).was_already_handled);
  CHECK(keys_of(queue.head(10)) == "b a ");
}

TEST_CASE("an update of an unknown request adds it, under its own id only") {
  auto queue = queue_with({});

  CHECK_FALSE(
    queue.update(request_id_of("a"), request("a"), false).was_already_present);
  CHECK(queue.requests().size() == 1);
  CHECK_THROWS_AS(queue.update("other", request("a"), false), api_error);
}

TEST_CASE("a locked head is nobody else's until it is given back") {
  auto queue = queue_with({"a", "b", "c"});

  CHECK(keys_of(queue.lock_head(2, 60s, "me")) == "a b ");
  CHECK(keys_of(queue.lock_head(5, 60s, "you")) == "c ");
  CHECK(queue.has_locked());
  CHECK(queue.head(10).size() == 3);

  CHECK(queue.unlock(request_id_of("a"), "you", false)
        == lock_result::held_by_another);
  CHECK(queue.unlock(request_id_of("a"), "me", false) == lock_result::done);
  CHECK(keys_of(queue.lock_head(5, 60s, "you")) == "a ");
  CHECK(queue.unlock_all("you") == 2);
  CHECK(queue.unlock_all("me") == 1);
  CHECK_FALSE(queue.has_locked());
}

TEST_CASE("a lock ends by itself") {
  auto queue = queue_with({"a"});

  queue.lock_head(1, -1ms, "me");

  CHECK_FALSE(queue.has_locked());
  CHECK(keys_of(queue.lock_head(1, 60s, "you")) == "a ");
}

TEST_CASE("only its holder prolongs a lock") {
  auto queue = queue_with({"a", "b"});
  const auto a = request_id_of("a");
  queue.lock_head(1, 1s, "me");
  const auto before = queue.find(a)->locked_until;

  CHECK(queue.prolong(a, 60s, "you", false) == lock_result::held_by_another);
  CHECK(queue.prolong(a, 60s, "me", false) == lock_result::done);
  CHECK(queue.find(a)->locked_until > before);
  CHECK(queue.prolong("unknown", 60s, "me", false)
        == lock_result::no_such_request);
}

TEST_CASE("a request given back to the front is next") {
  auto queue = queue_with({"a", "b"});
  queue.lock_head(2, 60s, "me");

  queue.unlock(request_id_of("a"), "me", false);
  queue.unlock(request_id_of("b"), "me", true);

  CHECK(keys_of(queue.head(10)) == "b a ");
}

TEST_CASE("locked requests at the front do not hide the others") {
  auto queue = queue_with({"a"});
  queue.add(request("f"), true);
  queue.lock_head(1, 60s, "me");

  CHECK(keys_of(queue.lock_head(5, 60s, "you")) == "a ");
  CHECK(queue.unlock_all("me") == 1);
}

TEST_CASE("an update gives back the lock") {
  auto queue = queue_with({"a"});
  queue.lock_head(1, 60s, "me");

  queue.update(request_id_of("a"), request("a"), true);

  CHECK_FALSE(queue.has_locked());
}

TEST_CASE("a queue knows whether it had several clients") {
  auto queue = queue_with({});

  queue.note_client("a");
  queue.note_client("a");
  CHECK_FALSE(queue.had_multiple_clients());
  queue.note_client("b");
  CHECK(queue.had_multiple_clients());
}

TEST_CASE("whoever has no key counts as a new client") {
  auto queue = queue_with({});

  queue.note_client("");
  CHECK_FALSE(queue.had_multiple_clients());
  queue.note_client("");
  CHECK(queue.had_multiple_clients());
}

TEST_CASE("a queue counts what is pending and what is handled") {
  auto queue = queue_with({"a", "b", "c"});
  queue.update(request_id_of("a"), request("a", handled), false);
  queue.remove(request_id_of("b"));

  auto out = json_writer{};
  queue.write(out);

  CHECK(out.str().find(R"("totalRequestCount":2,"handledRequestCount":1,)"
                       R"("pendingRequestCount":1)")
        != std::string::npos);
}

TEST_CASE("a request keeps its fields and gains its id and its lock") {
  auto queue = queue_with({});
  queue.add(request("a", R"(,"userData":{"x":[1]},"retryCount":2)"), false);
  queue.lock_head(1, 60s, "me");

  auto out = json_writer{};
  write_request(out, *queue.find(request_id_of("a")));

  CHECK(
    out.str().find(R"({"id":")" + request_id_of("a") + R"(","uniqueKey":"a")")
    == 0);
  CHECK(out.str().find(R"("userData":{"x":[1]},"retryCount":2)")
        != std::string::npos);
  CHECK(out.str().find(R"("lockByClient":"me"})") != std::string::npos);
}
