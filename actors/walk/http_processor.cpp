#include "actors/walk/http_processor.hpp"

#include "actors/walk/error_text.hpp"
#include "messages/walk/page_words.hpp"

#include <caf/typed_response_promise.hpp>
#include <fmt/format.h>

#include <functional>
#include <utility>

namespace orc {

namespace {

/// An answer may be a web page; its beginning tells.
constexpr std::size_t longest_answer = 300;

bool asks_for_less(int status) {
  return status == 429 || status == 503;
}

bool may_pass(int status) {
  return status == 0 || status == 408 || status == 425 || status == 502
         || status == 504 || asks_for_less(status);
}

page_result read_answer(const operator_answer& x) {
  page_result result;
  auto is_good = x.status >= 200 && x.status < 300;
  if (!is_good) {
    result.end = may_pass(x.status) ? page_end::retry : page_end::failed;
    result.error = x.status == 0
                     ? x.problem
                     : fmt::format("HTTP status {}: {}", x.status,
                                   error_text(x.body, longest_answer));
    result.types
      = {fmt::format("{}", x.status), fmt::format("http-{}", x.status)};
    result.overloaded = asks_for_less(x.status);
  }
  auto words = read_page_words(x.body);
  // A good answer with an error in it is an answer about errors.
  if (is_good) {
    words.error.reset();
    words.hopeless = false;
  }
  take_words(result, std::move(words));
  return result;
}

} // namespace

page_processor_actor::behavior_type
http_processor_state::make_behavior(operator_caller_actor caller,
                                    walk_processor endpoint) {
  caller_ = std::move(caller);
  endpoint_ = std::move(endpoint);
  return {
    [this](const process_page& x) { return process(x); },
    [this](const tell_progress& x) { return tell(x); },
    [](const stop_pages&) {
      // What was sent cannot be taken back: its answer is waited for.
    },
  };
}

caf::result<page_result> http_processor_state::process(const process_page& x) {
  auto read = [=, this](page_result&, const operator_answer& answer) {
    auto words = read_page_words(answer.body);
    if (words.next_cursor)
      self_->send(x.next, next_page{x.page, x.attempt, *words.next_cursor,
                                    words.next_size});
  };
  return call(render_page(x), x.timeout, read);
}

caf::result<page_result> http_processor_state::tell(const tell_progress& x) {
  return call(render_progress(x), x.timeout, {});
}

caf::result<page_result> http_processor_state::call(
  std::string body, std::chrono::milliseconds timeout,
  std::function<void(page_result&, const operator_answer&)> read) {
  call_operator request;
  request.url = endpoint_.url.reveal();
  request.headers.emplace_back("Content-Type", secret{"application/json"});
  for (const auto& [field, value] : endpoint_.headers)
    request.headers.emplace_back(field, value);
  request.body = std::move(body);
  request.timeout = timeout;
  auto promise = self_->make_response_promise<page_result>();
  self_->request(caller_, caf::infinite, std::move(request))
    .then(
      [promise, read](const operator_answer& x) mutable {
        auto result = read_answer(x);
        if (read)
          read(result, x);
        promise.deliver(std::move(result));
      },
      [promise](const caf::error& err) mutable {
        page_result result;
        result.end = page_end::retry;
        result.error = message_of(err);
        promise.deliver(std::move(result));
      });
  return promise;
}

page_processor_actor::behavior_type http_processor(
  page_processor_actor::stateful_pointer<http_processor_state> self,
  operator_caller_actor caller, walk_processor endpoint) {
  return self->state.make_behavior(std::move(caller), std::move(endpoint));
}

} // namespace orc
