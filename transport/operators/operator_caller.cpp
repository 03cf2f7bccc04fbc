#include "transport/operators/operator_caller.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <utility>

namespace orc {

namespace {

/// Children of a task may be many.
constexpr std::size_t largest_answer = std::size_t{10} << 20;

std::string encode_base64(std::string_view bytes) {
  // Four characters for each three bytes, and a NUL.
  std::string result((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto size
    = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

/// In the words of the client that Crew uses, which its users know.
std::string
explain(const http::send_error& x, std::chrono::milliseconds timeout,
        std::chrono::steady_clock::duration took) {
  if (took >= timeout)
    return fmt::format("timeout of {}ms exceeded", timeout.count());
  return x.message;
}

} // namespace

operator_caller_state::operator_caller_state(
  operator_caller_inbox::pointer self)
  : self_{self} {
  // nop
}

operator_caller_inbox::behavior_type
operator_caller_state::make_behavior(std::shared_ptr<http::client> client) {
  client_ = std::move(client);
  return {
    [this](call_operator& x) { return call(x); },
    [this](const operator_called& x) { answer(x); },
  };
}

caf::result<operator_answer> operator_caller_state::call(call_operator& x) {
  auto url = http::parse_url(x.url);
  if (!url)
    return operator_answer{0, {}, "url: must be an HTTP URL"};
  http::outgoing request;
  request.method = "POST";
  request.url = std::move(*url);
  for (const auto& [field, value] : x.headers)
    request.headers.set(field, std::string{value.reveal()});
  if (x.user)
    request.headers.set(
      "Authorization",
      "Basic "
        + encode_base64(fmt::format("{}:{}", *x.user, x.password.reveal())));
  request.body = std::make_shared<const std::string>(std::move(x.body));
  request.timeout = x.timeout;
  request.max_body_bytes = largest_answer;
  auto promise = self_->make_response_promise<operator_answer>();
  auto number = ++last_;
  calls_.emplace(number,
                 pending{promise, x.timeout, std::chrono::steady_clock::now()});
  // Weak: an answer that comes after the end of this actor is dropped.
  client_->send(std::move(request), [address
                                     = caf::actor_addr{self_->address()},
                                     number](http::client::result result) {
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, operator_called{number, std::move(result)});
  });
  return promise;
}

void operator_caller_state::answer(const operator_called& x) {
  auto call = calls_.extract(x.number);
  if (call.empty())
    return;
  auto& [promise, timeout, began] = call.mapped();
  if (const auto* given = std::get_if<http::response>(&x.result))
    promise.deliver(operator_answer{given->status, given->body, {}});
  else
    promise.deliver(
      operator_answer{0,
                      {},
                      explain(std::get<http::send_error>(x.result), timeout,
                              std::chrono::steady_clock::now() - began)});
}

operator_caller_inbox::behavior_type operator_caller(
  operator_caller_inbox::stateful_pointer<operator_caller_state> self,
  std::shared_ptr<http::client> client) {
  return self->state.make_behavior(std::move(client));
}

} // namespace orc
