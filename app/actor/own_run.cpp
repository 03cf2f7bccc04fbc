#include "app/actor/own_run.hpp"

#include "app/client/http_call.hpp"
#include "transport/apify/refusals.hpp"
#include "transport/apify/repeats.hpp"

#include <thread>
#include <utility>

namespace orc::app {

namespace {

/// Longer than a hiccup of the platform, short of what a run is billed for.
constexpr unsigned most_repeats = 6;

} // namespace

own_run::own_run(io_runtime& runtime, const account_settings& account,
                 home where)
  : home_{std::move(where)}, client_{runtime, {}}, endpoints_{account.base_url,
                                                              account.token} {
  // nop
}

caf::expected<std::string> own_run::record(const std::string& key) {
  auto call = endpoints_.make(get_record{home_.store_id, key});
  for (unsigned repeats = 0;; ++repeats) {
    auto answer = app::call(client_, call.request);
    auto* response = std::get_if<http::response>(&answer);
    if (response && response->status == 200)
      return std::move(response->body);
    auto problem
      = response
          ? apify::explain_refusal(call, *response)
          : apify::explain_failure(call, std::get<http::send_error>(answer),
                                   endpoints_.origin());
    if (repeats == most_repeats
        || !apify::should_repeat(call.kind, code_of(problem), repeats))
      return problem;
    std::this_thread::sleep_for(apify::backoff(repeats, 0));
  }
}

void own_run::say_last(const std::string& text) {
  app::call(
    client_,
    endpoints_.make(set_status_message{home_.run_id, text, true}).request);
}

} // namespace orc::app
