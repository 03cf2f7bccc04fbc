// Storages by the id of a run of ours: until the platform has made the real
// ones, a Run object names the run itself as its storages.

#include "transport/server/v2/visit.hpp"

#include <utility>

namespace orc::server::v2 {

std::string visit::storage_path(const run& x) const {
  auto by_id = [&](std::string_view collection,
                   const std::optional<std::string>& id,
                   std::string_view shortcut) {
    if (id)
      return "/v2/" + std::string{collection} + "/" + http::percent_encode(*id);
    return "/v2/actor-runs/" + http::percent_encode(x.run_id.value_or(""))
           + std::string{shortcut};
  };
  switch (place_.about) {
    case subject::dataset:
      return by_id("datasets", x.dataset_id, "/dataset");
    case subject::key_value_store:
      return by_id("key-value-stores", x.key_value_store_id,
                   "/key-value-store");
    default:
      return by_id("request-queues", std::nullopt, "/request-queue");
  }
}

void visit::visit_storage(const known_run& x) {
  const auto& view = x.record.view;
  if (is_underway(view) && view.run_id)
    return relay_run(x, storage_path(view) + place_.rest);
  answer_empty(place_.about == subject::dataset ? place_.rest : "");
}

void visit::answer_empty(std::string_view rest) {
  auto reads = method_ == "GET" || method_ == "HEAD";
  if (!reads)
    return refuse(400, "run-not-started",
                  "The run that this storage belongs to was not started yet");
  if (rest != "/items")
    return refuse(404, "record-not-found",
                  "The run that this storage belongs to was not started yet");
  auto format = query_.get("format").value_or("json");
  http::response answer;
  answer.headers
    = {{"X-Apify-Pagination-Offset",
        std::string{query_.get("offset").value_or("0")}},
       {"X-Apify-Pagination-Limit",
        std::string{query_.get("limit").value_or("999999999999")}},
       {"X-Apify-Pagination-Count", "0"},
       {"X-Apify-Pagination-Total", "0"},
       {"X-Apify-Pagination-Desc", is_set("desc") ? "true" : "false"}};
  if (format == "json") {
    answer.headers.add("Content-Type", "application/json; charset=utf-8");
    answer.body = "[]";
  } else {
    answer.headers.add("Content-Type", format == "jsonl"
                                         ? "application/x-ndjson"
                                         : "text/plain; charset=utf-8");
  }
  reply(std::move(answer));
}

} // namespace orc::server::v2
