#include "transport/remote_tasks/remote_tasks.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr auto timeout = 20s;

/// Shorter than what proxies between us and the service put up with.
constexpr std::chrono::milliseconds longest_poll{20'000};

std::string list(const std::vector<std::string>& xs) {
  std::string result;
  for (const auto& x : xs)
    result += (result.empty() ? "" : ",") + json_quote(x);
  return "[" + result + "]";
}

caf::error error_of(const http::response& x, const std::string& url) {
  if (x.status == 401 || x.status == 403)
    return make_error(ec::unauthorized,
                      fmt::format("{} refuses the token: give --token or set "
                                  "ORCHESTRATOR_TOKEN",
                                  url));
  return make_error(x.status == 503 ? ec::not_sent : ec::api_refused,
                    fmt::format("{} answers {}: {}", url, x.status,
                                x.body.substr(0, 200)));
}

caf::error error_of(const http::send_error& x) {
  return make_error(x.kind == http::failure::answer_lost ? ec::answer_lost
                                                         : ec::not_sent,
                    x.message);
}

} // namespace

remote_tasks_state::remote_tasks_state(remote_tasks_self::pointer self)
  : self_{self} {
  // nop
}

remote_tasks_self::behavior_type
remote_tasks_state::make_behavior(std::shared_ptr<http::client> client,
                                  remote_service where) {
  client_ = std::move(client);
  where_ = std::move(where);
  return {
    [this](const get_loads& x) {
      auto wait = std::chrono::floor<std::chrono::seconds>(
        std::min<std::chrono::milliseconds>(x.wait, longest_poll));
      return ask<channel_loads>(
        "POST", fmt::format("/api/v1/channel_loads?waitSecs={}", wait.count()),
        fmt::format(R"({{"channels":{}}})", list(x.channels)), wait);
    },
    [this](const lose_worker& x) {
      return ask<lost_tasks>(
        "POST", "/api/v1/lost_worker",
        fmt::format(R"({{"workerId":{},"error":{}}})", json_quote(x.worker),
                    x.error.empty() ? "null" : x.error.view()));
    },
    [this](const set_channel_rules& x) {
      return ask<channel_loads>("PUT",
                                fmt::format("/api/v1/channel/{}/rules",
                                            http::percent_encode(x.channel)),
                                fmt::format(R"({{"serial":{}}})", x.serial));
    },
    [this](const remote_answer& x) { answer(x); },
  };
}

template <class Response>
caf::result<Response>
remote_tasks_state::ask(std::string method, const std::string& target,
                        std::string body, std::chrono::milliseconds patience) {
  auto promise = self_->make_response_promise<Response>();
  send(std::move(method), target, std::move(body), patience,
       [promise](caf::expected<std::string> given) mutable {
         if (!given)
           promise.deliver(std::move(given.error()));
         else if (auto read = from_json<Response>(*given))
           promise.deliver(std::move(*read));
         else
           promise.deliver(
             make_error(ec::bad_answer, "the service gives answers that this "
                                        "version does not know: "
                                          + message_of(read.error())));
       });
  return promise;
}

void remote_tasks_state::send(std::string method, const std::string& target,
                              std::string body,
                              std::chrono::milliseconds patience, handler f) {
  auto url = http::parse_url(where_.url + target);
  if (!url)
    return f(make_error(ec::bad_config,
                        fmt::format("{} is no URL of a service", where_.url)));
  http::outgoing request;
  request.method = std::move(method);
  request.url = std::move(*url);
  request.headers.set("Content-Type", "application/json");
  if (!where_.token.empty())
    request.headers.set("Authorization", "Bearer " + where_.token.reveal());
  request.body = std::make_shared<const std::string>(std::move(body));
  request.timeout = timeout + patience;
  auto number = ++last_;
  calls_.emplace(number, std::move(f));
  // Weak: an answer that comes after the end of this actor is dropped.
  client_->send(std::move(request), [address
                                     = caf::actor_addr{self_->address()},
                                     number](http::client::result result) {
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, remote_answer{number, std::move(result)});
  });
}

void remote_tasks_state::answer(const remote_answer& x) {
  auto call = calls_.extract(x.number);
  if (call.empty())
    return;
  const auto* given = std::get_if<http::response>(&x.result);
  if (given && given->status < 300)
    call.mapped()(given->body);
  else if (given)
    call.mapped()(error_of(*given, where_.url));
  else
    call.mapped()(error_of(std::get<http::send_error>(x.result)));
}

remote_tasks_self::behavior_type
remote_tasks(remote_tasks_self::stateful_pointer<remote_tasks_state> self,
             std::shared_ptr<http::client> client, remote_service where) {
  return self->state.make_behavior(std::move(client), std::move(where));
}

} // namespace orc
