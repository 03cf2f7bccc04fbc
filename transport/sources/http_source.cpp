#include "transport/sources/http_source.hpp"

#include <caf/send.hpp>

#include <utility>

namespace orc {

namespace {

/// Pages without items, one after the other, until the API is taken for broken.
constexpr std::uint64_t max_calls_without_items = 1'000;

} // namespace

http_source_state::http_source_state(http_source_inbox::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

http_source_inbox::behavior_type
http_source_state::make_behavior(page_api api,
                                 std::shared_ptr<http::client> client) {
  api_ = std::move(api);
  client_ = std::move(client);
  return {
    [this](const read_walk_page& x) { return read(x); },
    [this](const page_answered& x) { handle(x); },
  };
}

caf::result<walk_page> http_source_state::read(const read_walk_page& x) {
  if (x.size == 0)
    return make_error(ec::bad_field, "pageSize: must be 1 at least");
  auto promise = self_->make_response_promise<walk_page>();
  jobs_.push_back({x, promise});
  if (jobs_.size() == 1)
    start_next();
  return promise;
}

void http_source_state::start_next() {
  if (jobs_.empty())
    return;
  page_ = {};
  calls_without_items_ = 0;
  place_ = page_place::parse(jobs_.front().wanted.cursor);
  if (left_ && place_.skip > 0 && left_at_ == place_.at)
    take(*std::exchange(left_, std::nullopt));
  else
    ask();
}

void http_source_state::ask() {
  auto request
    = api_->request_for(place_.at, jobs_.front().wanted.size - page_.count());
  if (!request)
    return fail(std::move(request.error()));
  // Weak: an answer that comes after the end of this actor is dropped.
  client_->send(
    std::move(*request), [address = caf::actor_addr{self_->address()},
                          call = ++last_call_](http::client::result result) {
      if (auto self = caf::actor_cast<caf::actor>(address))
        caf::anon_send(self, page_answered{call, std::move(result)});
    });
}

void http_source_state::handle(const page_answered& x) {
  if (x.call != last_call_ || jobs_.empty())
    return;
  auto page = api_->read(x.result);
  if (!page)
    return fail(std::move(page.error()));
  take(std::move(*page));
}

void http_source_state::take(api_page page) {
  auto wanted = jobs_.front().wanted.size;
  auto at = std::min<std::uint64_t>(place_.skip, page.items.size());
  calls_without_items_ = page.items.empty() ? calls_without_items_ + 1 : 0;
  for (; at < page.items.size() && page_.count() < wanted; ++at)
    if (auto err = page_.add(page.items[at]))
      return fail(std::move(err));
  if (at < page.items.size()) {
    auto next = page_place{place_.at, at}.cursor();
    left_at_ = place_.at;
    left_ = std::move(page);
    return deliver(std::move(next));
  }
  if (!page.next)
    return deliver(std::nullopt);
  if (*page.next == place_.at || calls_without_items_ > max_calls_without_items)
    return fail(make_error(ec::bad_config,
                           "source.nextPath: the API leads nowhere: it answers "
                           "the cursor that it was asked for, or no items"));
  place_ = {std::move(*page.next), 0};
  if (page_.count() < wanted)
    ask();
  else
    deliver(place_.cursor());
}

void http_source_state::deliver(std::optional<std::string> next) {
  auto done = std::move(jobs_.front());
  jobs_.pop_front();
  done.promise.deliver(page_.finish(std::move(next)));
  start_next();
}

void http_source_state::fail(caf::error why) {
  auto done = std::move(jobs_.front());
  jobs_.pop_front();
  left_.reset();
  done.promise.deliver(std::move(why));
  start_next();
}

void http_source_state::stop(const caf::exit_msg& why) {
  for (auto& x : jobs_)
    x.promise.deliver(make_error(ec::stopping, "the source was closed"));
  jobs_.clear();
  self_->quit(why.reason);
}

http_source_inbox::behavior_type
http_source(http_source_inbox::stateful_pointer<http_source_state> self,
            page_api api, std::shared_ptr<http::client> client) {
  return self->state.make_behavior(std::move(api), std::move(client));
}

} // namespace orc
