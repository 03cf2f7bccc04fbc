#pragma once

#include "messages/apify_api.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace orc::test {

/// What an APIFY API in a test answers, and what it was asked. What is not set
/// fails with `ec::not_found`.
struct api_script {
  template <class Request, class Answer>
  using handler = std::function<caf::result<Answer>(const Request&)>;

  handler<start_remote_run, remote_run> start;
  handler<get_remote_run, remote_run> get;
  handler<list_remote_runs, remote_runs> list;
  handler<abort_remote_run, remote_run> abort;
  handler<resurrect_remote_run, remote_run> resurrect;
  handler<get_input, json_text> input;
  handler<get_log_end, log_end> log;
  handler<get_limits, account_limits> limits;
  handler<get_target, target_defaults> target;
  handler<count_items, item_counts> count;
  caf::expected<timestamp> server_time = timestamp{1'700'000'000'000};

  std::vector<start_remote_run> starts;
  std::vector<std::string> aborted;
  std::size_t gets = 0;
  std::size_t lists = 0;
};

using api_script_ptr = std::shared_ptr<api_script>;

template <class Request, class Answer>
caf::result<Answer>
answer_with(const api_script::handler<Request, Answer>& handler,
            const Request& request) {
  if (handler)
    return handler(request);
  return make_error(ec::not_found, "not in the script");
}

inline apify_api_actor::behavior_type
scripted_api(apify_api_actor::pointer, api_script_ptr script) {
  auto& s = *script;
  return {
    [&s, script](const start_remote_run& x) {
      s.starts.push_back(x);
      return answer_with(s.start, x);
    },
    [&s](const get_remote_run& x) {
      ++s.gets;
      return answer_with(s.get, x);
    },
    [&s](const list_remote_runs& x) {
      ++s.lists;
      return answer_with(s.list, x);
    },
    [&s](const abort_remote_run& x) {
      s.aborted.push_back(x.id);
      return answer_with(s.abort, x);
    },
    [&s](const resurrect_remote_run& x) { return answer_with(s.resurrect, x); },
    [&s](const get_input& x) { return answer_with(s.input, x); },
    [&s](const get_log_end& x) { return answer_with(s.log, x); },
    [&s](const get_limits& x) { return answer_with(s.limits, x); },
    [](get_user) {
      return remote_user{"user-1", "tester"};
    },
    [&s](const get_target& x) { return answer_with(s.target, x); },
    [&s](const count_items& x) { return answer_with(s.count, x); },
    [](const get_items&) { return items_page{}; },
    [&s](get_server_time) -> caf::result<timestamp> { return s.server_time; },
    [](get_api_usage) { return api_usage{}; },
  };
}

} // namespace orc::test
