#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

#include <limits>

namespace orc::server {

namespace {

/// Probes ask often, and give up soon: an ORCHESTRATOR that takes longer than
/// that for a word is not well.
constexpr std::chrono::seconds patience_for_life{5};

/// As long as it takes at most, see `health_actor`.
constexpr std::chrono::seconds patience_for_health{31};

constexpr parameter exclude_parameter{
  "exclude", place::query, string_schema,
  "What does not count, divided by commas: `store`, `platform`."};

constexpr parameter max_queued_parameter{
  "maxQueued", place::query, count_schema,
  "Not ready while more runs wait than that."};

void healthz(const call_ptr& x) {
  x->under()
    .self->request(x->under().orchestrator, patience_for_life, get_readiness{})
    .then(
      [x](const readiness&) {
        x->reply(200, R"({"status":"ok","healthy":true})");
      },
      [x](const caf::error&) {
        x->reply(503, R"({"status":"stuck","healthy":false})");
      });
}

caf::expected<health_rules> read_rules(const call& x) {
  health_rules result;
  auto unlimited = std::numeric_limits<std::uint64_t>::max();
  auto most = x.number("maxQueued", unlimited, 0);
  if (!most)
    return most.error();
  result.max_queued = *most;
  auto left = x.text("exclude").value_or("");
  while (!left.empty()) {
    auto word = left.substr(0, left.find(','));
    left.erase(0, word.size() + 1);
    if (word != "store" && word != "platform")
      return must_be("exclude", "`store`, `platform` or both", word);
    (word == "store" ? result.with_store : result.with_platform) = false;
  }
  return result;
}

/// An ORCHESTRATOR of a host's that does not tell more.
void ask_briefly(const call_ptr& x) {
  x->ask<readiness>(
    get_readiness{},
    [x](const readiness& found) {
      x->reply(found.ready ? 200 : 503, to_json(found));
    },
    patience_for_life);
}

void readyz(const call_ptr& x) {
  auto rules = read_rules(*x);
  if (!rules)
    return x->fail(rules.error());
  if (!x->under().health)
    return ask_briefly(x);
  x->ask_of<health>(
    x->under().health, check_health{},
    [x, rules = *rules](health& found) {
      judge(found, rules);
      x->reply(found.ready ? 200 : 503, to_json(found));
    },
    patience_for_health);
}

} // namespace

std::vector<route> health_routes() {
  return {{"GET",
           "/healthz",
           "getHealth",
           "Tells that the process lives and its ORCHESTRATOR answers.",
           {},
           nullptr,
           {{200, "It does."}, {503, "It hangs: start it again."}},
           &healthz,
           true},
          {"GET",
           "/readyz",
           "getReadiness",
           "Tells whether it recovered, a write to its store is durable, and "
           "the platform answers.",
           {exclude_parameter, max_queued_parameter},
           nullptr,
           {{200, "It is ready.", &schema_for<health>},
            {503, "It is not.", &schema_for<health>}},
           &readyz,
           true}};
}

} // namespace orc::server
