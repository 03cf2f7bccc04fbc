#pragma once

#include "messages/base/secret.hpp"
#include "messages/task/tasks.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// Where facts about operators are told: as if it were the id of a group.
inline constexpr std::string_view operators_room = "operators";

/// Makes an operator, or changes the one of an id. What is not given stays.
struct set_operator {
  /// "" makes a new one.
  std::string id;
  std::optional<std::string> channel;
  std::optional<std::string> url;
  /// What `request_config` and `is_paused` are to be, if they are to change:
  /// JSON, `null` too.
  json_text request_config;
  json_text is_paused;

  static constexpr auto fields = describe(
    "set_operator", "Makes or changes an operator.",
    field("_id", &set_operator::id, presence::optional, "Which."),
    field("channel", &set_operator::channel, presence::optional,
          "Whose tasks it does."),
    field("url", &set_operator::url, presence::optional,
          "Gets a POST for each task."),
    field("requestConfig", &set_operator::request_config, presence::optional,
          "headers, params, auth and timeout (ms) of these requests."),
    field("isPaused", &set_operator::is_paused, presence::optional,
          "It gets no tasks."));
};

/// Makes an operator once, however often it is asked under the same token.
struct make_operator {
  /// Without an id.
  set_operator is;
  /// "": however often.
  std::string token;

  static constexpr auto fields
    = describe("make_operator", "Makes an operator once.",
               field("is", &make_operator::is, "As it shall be."),
               field("token", &make_operator::token, "Once for each."));
};

/// Removes an operator; tasks it has by now it may finish.
struct remove_operator {
  std::string id;

  static constexpr auto fields
    = describe("remove_operator", "Removes an operator.",
               field("_id", &remove_operator::id, "Which."));
};

struct get_operators {
  /// If not empty, only this one; fails with `ec::not_found` if there is none.
  std::string id = {};
  /// 0: no limit.
  std::uint64_t limit = 0;
  std::uint64_t skip = 0;

  static constexpr auto fields
    = describe("get_operators", "Asks for operators.",
               field("_id", &get_operators::id, "Only this one."),
               field("limit", &get_operators::limit, "0: no limit."),
               field("skip", &get_operators::skip, "The newest so many."));
};

struct task_operators {
  std::vector<task_operator> operators;
  /// Of all there are.
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("task_operators", "Operators, the newest first.",
               field("operators", &task_operators::operators, "Asked for."),
               field("count", &task_operators::count, "Of all."));
};

/// The OPERATORS interface: HTTP endpoints that do the tasks of a channel.
using operators_actor
  = caf::typed_actor<caf::replies_to<set_operator>::with<task_operators>,
                     // Without an operator if it was made before and is gone.
                     caf::replies_to<make_operator>::with<task_operators>,
                     // Without an operator if there was none to remove.
                     caf::replies_to<remove_operator>::with<task_operators>,
                     caf::replies_to<get_operators>::with<task_operators>,
                     caf::reacts_to<channel_seen>>;

/// One task for an HTTP endpoint.
struct call_operator {
  std::string url;
  /// Names and values, some of them secret.
  std::vector<std::pair<std::string, secret>> headers;
  /// Of Basic authentication, if any.
  std::optional<std::string> user;
  secret password;
  std::string body;
  std::chrono::milliseconds timeout{60'000};

  template <class Inspector>
  friend auto inspect(Inspector& f, call_operator& x) {
    return f(caf::meta::type_name("call_operator"), x.url, x.headers,
             inspectable(x.user), x.password, x.body, x.timeout);
  }
};

struct operator_answer {
  /// 0: there was none.
  int status = 0;
  std::string body;
  /// Why there was none.
  std::string problem;

  template <class Inspector>
  friend auto inspect(Inspector& f, operator_answer& x) {
    return f(caf::meta::type_name("operator_answer"), x.status, x.body,
             x.problem);
  }
};

/// The OPERATOR CALLER interface: HTTP, one attempt a request. Always answers.
using operator_caller_actor
  = caf::typed_actor<caf::replies_to<call_operator>::with<operator_answer>>;

} // namespace orc

#define ORC_OPERATOR_MESSAGES(X)                                               \
  X(orc::make_operator)                                                        \
  X(orc::set_operator)                                                         \
  X(orc::remove_operator)                                                      \
  X(orc::get_operators)                                                        \
  X(orc::task_operators)                                                       \
  X(orc::call_operator)                                                        \
  X(orc::operator_answer)

ORC_OPERATOR_MESSAGES(ORC_DECLARE_MESSAGE)
