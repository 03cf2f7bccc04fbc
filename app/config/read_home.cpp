#include "app/config/read_home.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace orc::app {

namespace {

/// The platform has renamed its variables; newer names count first.
std::string
first_of(const environment& env, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (auto value = env(name))
      return *value;
  return {};
}

} // namespace

std::optional<home> read_home(const environment& env) {
  auto at_home = env("APIFY_IS_AT_HOME").value_or("");
  home result;
  result.run_id = first_of(env, {"ACTOR_RUN_ID", "APIFY_ACTOR_RUN_ID"});
  if ((at_home != "1" && at_home != "true") || result.run_id.empty())
    return std::nullopt;
  result.user_id = first_of(env, {"APIFY_USER_ID"});
  result.store_id = first_of(env, {"ACTOR_DEFAULT_KEY_VALUE_STORE_ID",
                                   "APIFY_DEFAULT_KEY_VALUE_STORE_ID"});
  result.dataset_id
    = first_of(env, {"ACTOR_DEFAULT_DATASET_ID", "APIFY_DEFAULT_DATASET_ID"});
  auto key = first_of(env, {"ACTOR_INPUT_KEY", "APIFY_INPUT_KEY"});
  if (!key.empty())
    result.input_key = key;
  result.events_url = first_of(env, {"ACTOR_EVENTS_WEBSOCKET_URL",
                                     "APIFY_ACTOR_EVENTS_WS_URL"});
  return result;
}

std::string watched_input(const home& x) {
  return fmt::format(R"({{"__watched":{{"parentRunId":{},"apifyUserId":{}}}}})",
                     json_quote(x.run_id), json_quote(x.user_id));
}

} // namespace orc::app
