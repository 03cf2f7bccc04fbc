#include "transport/server/api_caller.hpp"

#include "messages/base/error.hpp"
#include "transport/server/captured_exchange.hpp"
#include "transport/server/http_errors.hpp"
#include "transport/server/verbs.hpp"

#include <caf/send.hpp>

#include <utility>

namespace orc::server {

namespace {

api_answer answer_of(const caf::error& why) {
  return {static_cast<std::uint32_t>(http_status_of(why)), "application/json",
          json_text{render_error(why)}};
}

} // namespace

api_caller_state::api_caller_state(api_caller_inbox::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

api_caller_inbox::behavior_type
api_caller_state::make_behavior(gateway_actor gateway) {
  gateway_ = std::move(gateway);
  return {
    [this](const call_api& x) { return call(x); },
    [this](const captured_answer& x) { answer(x); },
  };
}

caf::result<api_answer> api_caller_state::call(const call_api& x) {
  auto made = make_request(x);
  if (!made)
    return answer_of(made.error());
  auto promise = self_->make_response_promise<api_answer>();
  auto id = ++last_id_;
  calls_.emplace(id, promise);
  // Weak: an answer that comes after the end of this actor is dropped.
  auto take = [address = caf::actor_addr{self_->address()},
               id](http::response response) {
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, captured_answer{id, std::move(response)});
  };
  self_->send(gateway_,
              routed_request{std::make_shared<captured_exchange>(
                               std::move(made->request), x.most_bytes, take),
                             made->where.found, std::move(made->where.values),
                             std::move(made->query)});
  return promise;
}

void api_caller_state::answer(const captured_answer& x) {
  auto call = calls_.extract(x.call);
  if (call.empty())
    return;
  call.mapped().deliver(
    api_answer{static_cast<std::uint32_t>(x.response.status),
               std::string{x.response.headers.get("Content-Type")},
               json_text{x.response.body}});
}

void api_caller_state::stop(const caf::exit_msg& why) {
  for (auto& [id, promise] : calls_)
    promise.deliver(
      answer_of(make_error(ec::stopping, "the service is stopping")));
  calls_.clear();
  self_->quit(why.reason);
}

api_caller_inbox::behavior_type
api_caller(api_caller_inbox::stateful_pointer<api_caller_state> self,
           gateway_actor gateway) {
  return self->state.make_behavior(std::move(gateway));
}

} // namespace orc::server
