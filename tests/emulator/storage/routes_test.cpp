#include "emulator/storage/digest.hpp"
#include "tests/emulator/storage/fake_exchange.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

json_document data_of(const orc::http::response& answer) {
  auto body = json_document{};
  parse_json(answer.body, body);
  auto result = json_document{};
  if (const auto* data = find_member(body, "data"))
    result.CopyFrom(*data, result.GetAllocator());
  return result;
}

std::string member(const orc::http::response& answer, std::string_view name) {
  const auto data = data_of(answer);
  const auto* x = find_member(data, name);
  if (x == nullptr)
    return "missing";
  return x->IsString() ? x->GetString() : to_text(*x);
}

} // namespace

// -- all kinds ----------------------------------------------------------------

TEST_CASE("a name gets or creates: 201 once, then 200") {
  auto f = routes_fixture{};
  const std::string path
    = GENERATE("/datasets", "/key-value-stores", "/request-queues");

  const auto made = f.call("POST", path + "?name=Mine");
  const auto found = f.call("POST", path + "?name=mine");

  CHECK(made.status == 201);
  CHECK(made.headers.get("location")
        == "http://emulator/v2" + path + "/" + member(made, "id"));
  CHECK(found.status == 200);
  CHECK(member(found, "id") == member(made, "id"));
  CHECK(member(found, "name") == "Mine");
  CHECK(member(found, "userId") == "u1");
  CHECK(member(found, "actRunId") == "null");
}

TEST_CASE("storages are listed, renamed and deleted") {
  auto f = routes_fixture{};
  const std::string path
    = GENERATE("/datasets", "/key-value-stores", "/request-queues");
  const auto id = f.make(path);

  CHECK(member(f.call("GET", path), "total") == "0");
  CHECK(member(f.call("GET", path + "?unnamed=1&limit=5&desc=true"), "count")
        == "1");
  const auto renamed = f.call("PUT", path + "/" + id,
                              R"({"name":"new","generalAccess":"RESTRICTED"})");
  CHECK(member(renamed, "name") == "new");
  CHECK(member(renamed, "generalAccess") == "RESTRICTED");
  CHECK(member(f.call("GET", path + "/jane~new"), "id") == id);
  CHECK(f.call("DELETE", path + "/" + id).status == 204);
  CHECK(f.call("GET", path + "/" + id).status == 404);
  CHECK(f.call("DELETE", path + "/" + id).status == 404);
}

TEST_CASE("bad names and bodies are 400, taken names 409") {
  auto f = routes_fixture{};
  const auto id = f.make("/datasets?name=one");
  f.make("/datasets?name=two");

  CHECK(f.call("POST", "/datasets?name=a_b").status == 400);
  CHECK(f.call("PUT", "/datasets/" + id, "{").status == 400);
  CHECK(f.call("PUT", "/datasets/" + id, "[]").status == 400);
  CHECK(f.call("PUT", "/datasets/" + id, R"({"name":1})").status == 400);
  CHECK(f.call("PUT", "/datasets/" + id, R"({"name":"two"})").status == 409);
  CHECK(f.call("GET", "/datasets?limit=x").status == 400);
  CHECK(f.call("GET", "/datasets?offset=-1").status == 400);
}

TEST_CASE("whoever knows an id reads, but only the owner writes") {
  auto f = routes_fixture{};
  const auto id = f.make("/datasets");

  CHECK(f.call("GET", "/datasets/" + id + "/items", {}, {}, "").status == 200);
  CHECK(f.call("GET", "/datasets/" + id, {}, {}, "theirs").status == 200);
  CHECK(f.call("POST", "/datasets/" + id + "/items", "{}", {}, "theirs").status
        == 403);
  CHECK(f.call("POST", "/datasets/" + id + "/items", "{}", {}, "").status
        == 401);
  f.call("PUT", "/datasets/" + id, R"({"generalAccess":"RESTRICTED"})");
  CHECK(f.call("GET", "/datasets/" + id + "/items", {}, {}, "").status == 403);
}

// -- datasets -----------------------------------------------------------------

TEST_CASE("pushed items are read back with their pagination") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets");

  const auto pushed
    = f.call("POST", path + "/items", R"([{"n":1},{"n":2},{"n":3}])");
  const auto page = f.call("GET", path + "/items?offset=1&limit=1");

  CHECK(pushed.status == 201);
  CHECK(pushed.body == "{}");
  CHECK(page.body == R"([{"n":2}])");
  CHECK(page.headers.get("content-type") == "application/json; charset=utf-8");
  CHECK(page.headers.get("x-apify-pagination-offset") == "1");
  CHECK(page.headers.get("x-apify-pagination-limit") == "1");
  CHECK(page.headers.get("x-apify-pagination-count") == "1");
  CHECK(page.headers.get("x-apify-pagination-total") == "3");
  CHECK(page.headers.get("x-apify-pagination-desc") == "false");
  CHECK(member(f.call("GET", path), "itemCount") == "3");
}

TEST_CASE("no limit, or a limit of 0, is 999999999999") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets") + "/items";

  const std::string limit = GENERATE("", "&limit=0");
  const auto page = f.call("GET", path + "?desc=1" + limit);

  CHECK(page.headers.get("x-apify-pagination-limit") == "999999999999");
  CHECK(page.headers.get("x-apify-pagination-desc") == "true");
}

TEST_CASE("every parameter of a page is read") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets") + "/items";
  f.call("POST", path,
         R"([{"#h":0,"a":{"b":1},"c":[{"d":1},{"d":2}],"e":5},{}])");
  const auto page = [&](const std::string& query) {
    return f.call("GET", path + query).body;
  };

  CHECK(page("?clean=1&fields=e") == R"([{"e":5}])");
  CHECK(page("?fields=a,e&flatten=a&clean=true") == R"([{"a.b":1,"e":5}])");
  CHECK(page("?fields=e&outputFields=x&skipEmpty=1") == R"([{"x":5}])");
  CHECK(page("?unwind=c&omit=a,e&clean=1") == R"([{"d":1},{"d":2}])");
  CHECK(page("?skipHidden=1&omit=a%2Cc") == R"([{"e":5},{}])");
  CHECK(page("?format=jsonl&fields=e") == "{\"e\":5}\n{}\n");
  CHECK(page("?format=csv&bom=0&fields=e&delimiter=%3B&skipHeaderRow=1&limit=1")
        == "5\n");
  CHECK(has(page("?format=xml&xmlRoot=r&xmlRow=i&fields=e"), "<r><i><e>5</e>"));
  CHECK(has(page("?format=rss&feedTitle=T&feedDescription=D"),
            "<title>T</title><description>D</description>"));
  CHECK(page("?view=overview&skipFailedPages=1&simplified=1&skipEmpty=1")
        == "[]");
}

TEST_CASE("parameters that make no sense are refused by name") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets") + "/items";
  const auto refused = [&](const std::string& query, std::string_view name) {
    const auto answer = f.call("GET", path + query);
    return answer.status == 400 && has(answer.body, name);
  };

  CHECK(refused("?format=pdf", "format"));
  CHECK(refused("?limit=-1", "limit"));
  CHECK(refused("?offset=x", "offset"));
  CHECK(refused("?clean=maybe", "clean"));
  CHECK(refused("?outputFields=a", "outputFields"));
}

TEST_CASE("an attachment has the name of a file") {
  auto f = routes_fixture{};
  const auto id = f.make("/datasets");

  const auto page
    = f.call("GET", "/datasets/" + id + "/items?attachment=1&format=csv");

  CHECK(page.headers.get("content-disposition")
        == "attachment; filename=\"" + id + ".csv\"");
}

TEST_CASE("HEAD has the headers of the page") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets") + "/items";
  f.call("POST", path, R"([{"n":1},{"n":2}])");

  const auto page = f.call("HEAD", path);

  CHECK(page.status == 200);
  CHECK(page.headers.get("x-apify-pagination-total") == "2");
}

TEST_CASE("a large page goes out in pieces") {
  auto f = routes_fixture{};
  const auto id = f.make("/datasets");
  const auto item = R"({"text":")" + std::string(1'000'000, 'x') + R"("})";
  for (auto i = 0; i < 4; ++i)
    f.data.push_items(id, {item});

  const auto page = f.call("GET", "/datasets/" + id + "/items");

  CHECK(f.last->pieces > 1);
  CHECK(page.body.size() == 4 * item.size() + 5);
  CHECK(page.headers.get("x-apify-pagination-count") == "4");
}

TEST_CASE("a push that is no JSON stores nothing") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets");

  CHECK(f.call("POST", path + "/items", "[{\"a\":1},").status == 400);
  CHECK(f.call("POST", path + "/items", "[{\"a\":1},7]").status == 400);
  CHECK(member(f.call("GET", path), "itemCount") == "0");
  CHECK(f.call("POST", "/datasets/none/items", "{}").status == 404);
}

TEST_CASE("a dataset without a schema has no statistics of fields") {
  auto f = routes_fixture{};
  const auto path = "/datasets/" + f.make("/datasets");

  CHECK(member(f.call("GET", path + "/statistics"), "fieldStatistics")
        == "null");
}

// -- key-value stores ---------------------------------------------------------

TEST_CASE("a record is had with its type, whatever it is") {
  auto f = routes_fixture{};
  const auto path = "/key-value-stores/" + f.make("/key-value-stores");
  const auto key = path + "/records/my-key!";

  const std::string method = GENERATE("PUT", "POST");
  CHECK(f.call(method, key, "\x89PNG", {{"Content-Type", "image/png"}}).status
        == 201);
  const auto record = f.call("GET", key + "?attachment=true");

  CHECK(record.body == "\x89PNG");
  CHECK(record.headers.get("content-type") == "image/png");
  CHECK(record.headers.get("content-disposition") == "attachment");
  CHECK(f.call("HEAD", key).status == 200);
  CHECK(f.call("DELETE", key).status == 204);
  CHECK(f.call("DELETE", key).status == 204);
  CHECK(has(f.call("GET", key).body, "record-not-found"));
  CHECK(f.call("HEAD", key).status == 404);
}

TEST_CASE("a record without a type is bytes; a bad key is refused") {
  auto f = routes_fixture{};
  const auto path = "/key-value-stores/" + f.make("/key-value-stores");

  f.call("PUT", path + "/records/a", "x");
  CHECK(f.call("GET", path + "/records/a").headers.get("content-type")
        == "application/octet-stream");
  CHECK(has(f.call("PUT", path + "/records/a%20b", "x").body,
            "invalid-record-key"));
}

TEST_CASE("keys are paged") {
  auto f = routes_fixture{};
  const auto path = "/key-value-stores/" + f.make("/key-value-stores");
  for (const auto* key : {"a", "b", "c"})
    f.call("PUT", path + "/records/" + key, "12");

  const auto first = f.call("GET", path + "/keys?limit=2");
  const auto rest = f.call("GET", path + "/keys?limit=2&exclusiveStartKey=b");

  CHECK(member(first, "isTruncated") == "true");
  CHECK(member(first, "nextExclusiveStartKey") == "b");
  CHECK(has(first.body, R"({"key":"a","size":2,)"));
  CHECK(member(rest, "isTruncated") == "false");
  CHECK(member(rest, "nextExclusiveStartKey") == "null");
  CHECK(member(rest, "count") == "1");
  CHECK(f.call("GET", path + "/keys?collection=x").status == 400);
}

TEST_CASE("all records come as one archive") {
  auto f = routes_fixture{};
  const auto path = "/key-value-stores/" + f.make("/key-value-stores");
  f.call("PUT", path + "/records/a1", "one");
  f.call("PUT", path + "/records/b1", "two");

  const auto zip = f.call("GET", path + "/records?prefix=a");

  CHECK(zip.headers.get("content-type") == "application/zip");
  CHECK(has(zip.body, "a1one"));
  CHECK_FALSE(has(zip.body, "two"));
}

// -- request queues -----------------------------------------------------------

TEST_CASE("a request is added, read, updated and deleted") {
  auto f = routes_fixture{};
  const auto path = "/request-queues/" + f.make("/request-queues");
  const auto one = path + "/requests/" + request_id_of("k");

  const auto added = f.call("POST", path + "/requests?clientKey=c",
                            R"({"url":"http://x","uniqueKey":"k"})");
  CHECK(added.status == 201);
  CHECK(member(added, "requestId") == request_id_of("k"));
  CHECK(member(added, "wasAlreadyPresent") == "false");
  CHECK(member(f.call("GET", one), "url") == "http://x");
  const auto updated = f.call("PUT", one,
                              R"({"url":"http://x","uniqueKey":"k",)"
                              R"("handledAt":"2026-01-01T00:00:00Z"})");
  CHECK(updated.status == 200);
  CHECK(member(f.call("GET", path), "handledRequestCount") == "1");
  CHECK(f.call("DELETE", one).status == 204);
  CHECK(has(f.call("GET", one).body, "record-not-found"));
}

TEST_CASE("a batch is 1 to 25 requests, all or none") {
  auto f = routes_fixture{};
  const auto path
    = "/request-queues/" + f.make("/request-queues") + "/requests/batch";
  auto many = std::string{"["};
  for (auto i = 0; i < 26; ++i)
    many += R"({"url":"http://x/)" + std::to_string(i)
            + (i == 25 ? R"("}])" : R"("},)");

  CHECK(f.call("POST", path, many).status == 400);
  CHECK(f.call("POST", path, "[]").status == 400);
  CHECK(f.call("POST", path, R"([{"url":"http://a"},{"x":1}])").status == 400);
  const auto added
    = f.call("POST", path, R"([{"url":"http://a"},{"url":"http://a"}])");
  CHECK(added.status == 201);
  CHECK(has(added.body, R"("uniqueKey":"http://a","wasAlreadyPresent":true)"));
  const auto deleted
    = f.call("DELETE", path, R"([{"uniqueKey":"http://a"},{"id":"unknown"}])");
  CHECK(deleted.status == 200);
  CHECK(has(deleted.body, R"("unprocessedRequests":[])"));
}

TEST_CASE("the head is read and locked") {
  auto f = routes_fixture{};
  const auto path = "/request-queues/" + f.make("/request-queues");
  const auto lock = path + "/requests/" + request_id_of("http://a") + "/lock";
  f.call("POST", path + "/requests?clientKey=c", R"({"url":"http://a"})");

  CHECK(has(f.call("GET", path + "/head?clientKey=c").body,
            R"("hadMultipleClients":false,"items":[{"id":")"));
  const auto locked
    = f.call("POST", path + "/head/lock?lockSecs=60&limit=5&clientKey=c");
  CHECK(locked.status == 201);
  CHECK(member(locked, "queueHasLockedRequests") == "true");
  CHECK(has(locked.body, "lockExpiresAt"));
  CHECK(f.call("PUT", lock + "?lockSecs=9&clientKey=d").status == 403);
  CHECK(f.call("PUT", lock + "?lockSecs=9&clientKey=c").status == 200);
  CHECK(f.call("DELETE", lock + "?clientKey=c&forefront=1").status == 204);
  f.call("POST", path + "/head/lock?lockSecs=60&clientKey=c");
  CHECK(member(f.call("POST", path + "/requests/unlock?clientKey=c"),
               "unlockedCount")
        == "1");
  CHECK(f.call("POST", path + "/head/lock?clientKey=c").status == 400);
  CHECK(f.call("GET", path + "/head?clientKey=" + std::string(33, 'x')).status
        == 400);
}

TEST_CASE("one client stays one, whatever it does") {
  auto f = routes_fixture{};
  const auto path = "/request-queues/" + f.make("/request-queues");

  f.call("POST", path + "/requests?clientKey=c", R"({"url":"a"})");
  f.call("GET", path + "/requests/" + request_id_of("a"));
  f.call("GET", path);

  CHECK(member(f.call("GET", path + "/head?clientKey=c"), "hadMultipleClients")
        == "false");
}

TEST_CASE("requests are listed by cursor and by state") {
  auto f = routes_fixture{};
  const auto path = "/request-queues/" + f.make("/request-queues");
  for (const auto* url : {"a", "b", "c"})
    f.call("POST", path + "/requests",
           R"({"url":")" + std::string{url} + R"("})");

  const auto first = f.call("GET", path + "/requests?limit=2");
  const auto rest
    = f.call("GET", path + "/requests?limit=2&cursor="
                      + orc::http::percent_encode(member(first, "nextCursor")));

  CHECK(member(first, "count") == "2");
  CHECK(member(rest, "count") == "1");
  CHECK(member(rest, "nextCursor") == "missing");
  CHECK(f.call("GET", path + "/requests?cursor=zzz").status == 400);
  f.call("POST", path + "/head/lock?lockSecs=60&limit=1&clientKey=c");
  CHECK(member(f.call("GET", path + "/requests?filter=locked"), "count")
        == "1");
  CHECK(member(f.call("GET", path + "/requests?filter=locked,pending"), "count")
        == "3");
}
