#include "emulator/storage/collection_routes.hpp"
#include "emulator/storage/digest.hpp"
#include "emulator/storage/routes.hpp"

#include <algorithm>
#include <cmath>

namespace orc::emulator {

namespace {

constexpr auto paths
  = collection_paths{"/v2/request-queues", "/v2/request-queues/{queueId}",
                     "queueId", "Request Queue"};

constexpr auto max_batch = std::size_t{25};

/// A request to a queue: which one, by whom.
struct call {
  std::shared_ptr<request_queue> queue;
  std::string client;

  call(storage& data, const context& ctx, permission wanted)
    : queue(find_storage(ctx, data.queues(), paths, wanted)),
      client(ctx.text("clientKey")) {
    if (ctx.query().contains("clientKey")
        && (client.empty() || client.size() > 32))
      throw api_error{400, "invalid-client-key",
                      "clientKey must be a string of 1 to 32 characters."};
    queue->note_client(client);
  }
};

[[noreturn]] void refuse_unknown_request() {
  throw api_error{404, "record-not-found", "Request was not found"};
}

void check_lock(lock_result result) {
  if (result == lock_result::no_such_request)
    refuse_unknown_request();
  if (result == lock_result::held_by_another)
    throw api_error{403, "request-handled-or-locked",
                    "The request is locked by another client."};
}

std::chrono::milliseconds read_lock_time(const context& ctx) {
  const auto seconds = ctx.number("lockSecs");
  if (!seconds || *seconds < 1)
    throw api_error{400, "invalid-parameter",
                    "Query parameter \"lockSecs\" must be a number greater "
                    "than or equal to 1."};
  constexpr auto longest = 1e9;
  return std::chrono::milliseconds{
    std::llround(std::min(*seconds, longest) * 1000)};
}

json_document read_batch(const context& ctx) {
  auto body = read_json_body(ctx);
  if (!body.IsArray() || body.Empty() || body.Size() > max_batch)
    throw api_error{400, "invalid-input",
                    "The request body must be a JSON array of 1 to 25 "
                    "requests."};
  return body;
}

void write_operation(json_writer& out, const queue_operation& x,
                     bool with_unique_key) {
  out.object().member("requestId", x.request_id);
  if (with_unique_key)
    out.member("uniqueKey", x.unique_key);
  out.member("wasAlreadyPresent", x.was_already_present);
  out.member("wasAlreadyHandled", x.was_already_handled);
  out.end_object();
}

void write_head_item(json_writer& out, const queued_request& x, bool locked) {
  out.object().member("id", x.id).member("uniqueKey", x.unique_key);
  out.member("url", x.url).member("method", x.method);
  out.member("retryCount", x.retry_count);
  if (locked)
    out.member("lockExpiresAt", to_iso(x.locked_until));
  out.end_object();
}

// -- requests -----------------------------------------------------------------

void add_request(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  const auto body = read_json_body(ctx);
  const auto done = data.add(*in.queue, body, ctx.flag("forefront"));
  auto out = json_writer{};
  write_operation(out, done, false);
  ctx.reply_data(out.str(), 201);
}

void add_batch(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  const auto body = read_batch(ctx);
  const auto forefront = ctx.flag("forefront");
  // All or nothing: one that is no request must not leave half a batch behind.
  for (const auto& request : body.GetArray())
    check_request(request);
  auto out = json_writer{};
  out.object().key("processedRequests").array();
  for (const auto& request : body.GetArray())
    write_operation(out, data.add(*in.queue, request, forefront), true);
  out.end_array().key("unprocessedRequests").array().end_array().end_object();
  ctx.reply_data(out.str(), 201);
}

void delete_batch(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  const auto body = read_batch(ctx);
  auto out = json_writer{};
  out.object().key("processedRequests").array();
  for (const auto& one : body.GetArray()) {
    const auto unique_key = string_member(one, "uniqueKey");
    const auto id = string_member(one, "id", request_id_of(unique_key));
    data.remove(*in.queue, id);
    out.object().member("id", id);
    if (!unique_key.empty())
      out.member("uniqueKey", unique_key);
    out.end_object();
  }
  out.end_array().key("unprocessedRequests").array().end_array().end_object();
  ctx.reply_data(out.str());
}

void get_request(storage& data, context& ctx) {
  // Not a `call`: SDKs send no clientKey here, and are no new clients for it.
  const auto queue = find_storage(ctx, data.queues(), paths, permission::read);
  const auto* found = queue->find(std::string{ctx.param("requestId")});
  if (found == nullptr)
    refuse_unknown_request();
  auto out = json_writer{};
  write_request(out, *found);
  ctx.reply_data(out.str());
}

void update_request(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  const auto body = read_json_body(ctx);
  const auto done = data.update(*in.queue, std::string{ctx.param("requestId")},
                                body, ctx.flag("forefront"));
  auto out = json_writer{};
  write_operation(out, done, false);
  ctx.reply_data(out.str());
}

void delete_request(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  data.remove(*in.queue, std::string{ctx.param("requestId")});
  ctx.reply_empty();
}

/// Where a list of requests continues: after this id.
std::string read_cursor(const context& ctx) {
  if (!ctx.query().contains("cursor"))
    return ctx.text("exclusiveStartId");
  auto cursor = json_document{};
  if (!parse_json(from_base64(ctx.text("cursor")), cursor)
      || find_member(cursor, "requestId") == nullptr)
    throw api_error{400, "invalid-parameter",
                    "Query parameter \"cursor\" is not one that this list "
                    "answered."};
  return string_member(cursor, "requestId");
}

/// Whether `filter` (`locked`, `pending`; none: all) wants a request.
bool is_wanted(const queued_request& x,
               const std::vector<std::string>& filter) {
  if (filter.empty())
    return true;
  const auto* state = x.is_locked(now()) ? "locked"
                      : x.handled        ? "handled"
                                         : "pending";
  return std::find(filter.begin(), filter.end(), state) != filter.end();
}

void list_requests(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::read};
  const auto limit = read_limit(ctx, 1000, 10000);
  const auto filter = ctx.list("filter");
  auto out = json_writer{};
  auto count = std::int64_t{0};
  auto last = std::string{};
  out.object().key("items").array();
  const auto& all = in.queue->requests();
  auto i = all.upper_bound(read_cursor(ctx));
  for (; i != all.end() && count < limit; ++i)
    if (is_wanted(i->second, filter)) {
      write_request(out, i->second);
      last = i->first;
      ++count;
    }
  out.end_array().member("count", count).member("limit", limit);
  for (const auto* given : {"exclusiveStartId", "cursor"})
    if (ctx.query().contains(given))
      out.member(given, ctx.text(given));
  if (i != all.end() && count > 0)
    out.member("nextCursor", to_base64(R"({"requestId":")" + last + R"("})"));
  ctx.reply_data(out.end_object().str());
}

// -- the head and its locks ---------------------------------------------------

void get_head(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::read};
  const auto limit = read_limit(ctx, 100, 1000);
  auto out = json_writer{};
  out.object().member("limit", limit);
  out.member("queueModifiedAt", to_iso(in.queue->info().modified_at));
  out.member("hadMultipleClients", in.queue->had_multiple_clients());
  out.key("items").array();
  for (const auto* x : in.queue->head(static_cast<std::size_t>(limit)))
    write_head_item(out, *x, false);
  ctx.reply_data(out.end_array().end_object().str());
}

void lock_head(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  const auto limit = read_limit(ctx, 25, 25);
  const auto time = read_lock_time(ctx);
  const auto items
    = in.queue->lock_head(static_cast<std::size_t>(limit), time, in.client);
  auto out = json_writer{};
  out.object().member("limit", limit);
  out.member("lockSecs", static_cast<double>(time.count()) / 1000);
  out.member("queueModifiedAt", to_iso(in.queue->info().modified_at));
  out.member("queueHasLockedRequests", in.queue->has_locked());
  if (!in.client.empty())
    out.member("clientKey", in.client);
  out.member("hadMultipleClients", in.queue->had_multiple_clients());
  out.key("items").array();
  for (const auto* x : items)
    write_head_item(out, *x, true);
  ctx.reply_data(out.end_array().end_object().str(), 201);
}

void prolong_lock(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  const auto id = std::string{ctx.param("requestId")};
  check_lock(in.queue->prolong(id, read_lock_time(ctx), in.client,
                               ctx.flag("forefront")));
  auto out = json_writer{};
  out.object()
    .member("lockExpiresAt", to_iso(in.queue->find(id)->locked_until))
    .end_object();
  ctx.reply_data(out.str());
}

void delete_lock(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  check_lock(in.queue->unlock(std::string{ctx.param("requestId")}, in.client,
                              ctx.flag("forefront")));
  ctx.reply_empty();
}

void unlock_all(storage& data, context& ctx) {
  const auto in = call{data, ctx, permission::write};
  auto out = json_writer{};
  out.object()
    .member("unlockedCount", in.queue->unlock_all(in.client))
    .end_object();
  ctx.reply_data(out.str());
}

} // namespace

void register_request_queue_routes(router& routes, storage& data) {
  using collection = collection_routes<request_queue>;
  collection::add(
    routes, std::make_shared<collection>(
              data.queues(), paths,
              [](json_writer& out, const request_queue& x) { x.write(out); }));
  const auto add = [&](std::string_view method, std::string_view pattern,
                       void (*verb)(storage&, context&), std::uint32_t rate) {
    routes.add(method, pattern,
               [&data, verb](const context_ptr& ctx) { verb(data, *ctx); },
               {access::token, rate});
  };
  constexpr auto requests = "/v2/request-queues/{queueId}/requests";
  constexpr auto batch = "/v2/request-queues/{queueId}/requests/batch";
  constexpr auto one = "/v2/request-queues/{queueId}/requests/{requestId}";
  constexpr auto lock
    = "/v2/request-queues/{queueId}/requests/{requestId}/lock";
  add("GET", requests, list_requests, 400);
  add("POST", requests, add_request, 400);
  add("POST", batch, add_batch, 40);
  add("DELETE", batch, delete_batch, 40);
  add("POST", "/v2/request-queues/{queueId}/requests/unlock", unlock_all, 60);
  add("GET", one, get_request, 400);
  add("PUT", one, update_request, 400);
  add("DELETE", one, delete_request, 400);
  add("GET", "/v2/request-queues/{queueId}/head", get_head, 60);
  add("POST", "/v2/request-queues/{queueId}/head/lock", lock_head, 40);
  add("PUT", lock, prolong_lock, 400);
  add("DELETE", lock, delete_lock, 400);
}

} // namespace orc::emulator
