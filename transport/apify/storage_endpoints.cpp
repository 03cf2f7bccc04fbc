// The calls of messages/apify_storage.hpp.

#include "messages/json/json.hpp"
#include "transport/apify/endpoints.hpp"

#include <fmt/format.h>

namespace orc::apify {

namespace {

/// Records and items have megabytes.
constexpr std::chrono::seconds body_timeout{120};

using http::percent_encode;

std::string record_path(const std::string& store, const std::string& key) {
  return fmt::format("/v2/key-value-stores/{}/records/{}",
                     percent_encode(store), percent_encode(key));
}

std::string run_path(const std::string& id) {
  return "/v2/actor-runs/" + percent_encode(id);
}

void add_json(api_call& call, std::string body) {
  call.request.headers.add("Content-Type", "application/json");
  call.request.body = std::make_shared<const std::string>(std::move(body));
}

} // namespace

api_call endpoints::make(const open_record_store& x) const {
  return make_call(call_kind::store, "POST",
                   "/v2/key-value-stores?name=" + percent_encode(x.name),
                   fmt::format("key-value store `{}`", x.name));
}

api_call endpoints::make(const get_record& x) const {
  auto result
    = make_call(call_kind::record, "GET", record_path(x.store_id, x.key),
                fmt::format("record {}", x.key));
  result.request.timeout = body_timeout;
  return result;
}

api_call endpoints::make(const put_record& x) const {
  auto result = make_call(call_kind::put, "PUT", record_path(x.store_id, x.key),
                          fmt::format("record {}", x.key));
  result.request.timeout = body_timeout;
  result.request.headers.add("Content-Type", x.content_type);
  result.request.body = x.body.shared();
  return result;
}

api_call endpoints::make(const delete_record& x) const {
  return make_call(call_kind::remove, "DELETE", record_path(x.store_id, x.key),
                   fmt::format("record {}", x.key));
}

api_call endpoints::make(const list_records& x) const {
  http::query_builder query;
  query.add("limit", std::int64_t{1000});
  if (!x.prefix.empty())
    query.add("prefix", std::string_view{x.prefix});
  if (!x.after.empty())
    query.add("exclusiveStartKey", std::string_view{x.after});
  return make_call(call_kind::keys, "GET",
                   fmt::format("/v2/key-value-stores/{}/keys{}",
                               percent_encode(x.store_id), query.str()),
                   fmt::format("keys of key-value store {}", x.store_id));
}

api_call endpoints::make(const find_dataset& x) const {
  return make_call(call_kind::datasets, "GET",
                   "/v2/datasets/" + path_id(x.dataset_id),
                   fmt::format("dataset {}", x.dataset_id));
}

api_call endpoints::make(const open_dataset& x) const {
  return make_call(call_kind::store, "POST",
                   "/v2/datasets?name=" + percent_encode(x.name),
                   fmt::format("dataset `{}`", x.name));
}

api_call endpoints::make(const push_items& x) const {
  auto result = make_call(call_kind::push, "POST",
                          fmt::format("/v2/datasets/{}/items",
                                      percent_encode(x.dataset_id)),
                          fmt::format("items for dataset {}", x.dataset_id));
  result.request.timeout = body_timeout;
  result.request.headers.add("Content-Type", "application/json");
  result.request.body = x.items.shared();
  return result;
}

api_call endpoints::make(const set_status_message& x) const {
  auto result = make_call(call_kind::status, "PUT", run_path(x.run_id),
                          "status message of our own run");
  add_json(result, fmt::format(R"({{"runId":{},"statusMessage":{},)"
                               R"("isStatusMessageTerminal":{}}})",
                               json_quote(x.run_id), json_quote(x.text),
                               x.is_terminal));
  return result;
}

api_call endpoints::make(const reboot_remote_run& x) const {
  auto result
    = make_call(call_kind::reboot, "POST", run_path(x.run_id) + "/reboot",
                "reboot of our own run");
  add_json(result, "{}");
  return result;
}

} // namespace orc::apify
