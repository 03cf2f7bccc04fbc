#include "transport/apify/apify_api.hpp"

#include "messages/base/log.hpp"
#include "messages/json/apify_answers.hpp"
#include "transport/apify/items.hpp"
#include "transport/apify/refusals.hpp"
#include "transport/apify/repeats.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"apify-api"};

constexpr std::array<const char*, 20> kind_names{
  "start", "resurrect", "abort",    "get",   "list",   "input", "limits",
  "user",  "target",    "datasets", "items", "log",    "store", "record",
  "put",   "remove",    "keys",     "push",  "status", "reboot"};

const char* name_of(apify::call_kind x) {
  return kind_names.at(static_cast<std::size_t>(x));
}

/// Turns a reader of bodies into one of responses.
template <class Response>
auto from_body(caf::expected<Response> (*read)(std::string_view)) {
  return [read](http::response& x) { return read(x.body); };
}

caf::expected<log_end> read_end(http::response& x) {
  return read_log_end(x.body);
}

caf::expected<json_text> take_body(http::response& x) {
  return json_text{std::move(x.body)};
}

caf::expected<stored_record> take_record(http::response& x) {
  return stored_record{json_text{std::move(x.body)}};
}

caf::expected<storage_changed> take_nothing(http::response&) {
  return storage_changed{};
}

/// A run that was started without input has no such record.
bool has_no_input(const apify::api_call& call, const caf::error& why) {
  return call.kind == apify::call_kind::input
         && type_of(why) == "record-not-found";
}

} // namespace

apify_api_state::apify_api_state(apify_api_inbox::pointer self) : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

apify_api_inbox::behavior_type
apify_api_state::make_behavior(std::shared_ptr<http::client> client,
                               account_settings account) {
  client_ = std::move(client);
  account_ = std::move(account);
  endpoints_ = apify::endpoints{account_.base_url, account_.token};
  auto run = from_body(&read_remote_run);
  return {
    [=, this](const start_remote_run& x) {
      return perform<remote_run>(x, run);
    },
    [=, this](const get_remote_run& x) { return perform<remote_run>(x, run); },
    [=, this](const list_remote_runs& x) {
      return perform<remote_runs>(x, from_body(&read_remote_runs));
    },
    [=, this](const abort_remote_run& x) {
      return perform<remote_run>(x, run);
    },
    [=, this](const resurrect_remote_run& x) {
      return perform<remote_run>(x, run);
    },
    [=, this](const get_input& x) { return perform<json_text>(x, take_body); },
    [=, this](const get_log_end& x) { return perform<log_end>(x, read_end); },
    [=, this](const get_limits& x) {
      return perform<account_limits>(x, from_body(&read_account_limits));
    },
    [=, this](const get_user& x) {
      return perform<remote_user>(x, from_body(&read_remote_user));
    },
    [this](const get_target& x) { return find_target(x); },
    [=, this](const count_items& x) {
      return perform<item_counts>(x, from_body(&read_item_counts));
    },
    [this](const get_items& x) {
      return perform<items_page>(x, apify::items_reader{x});
    },
    [=, this](const open_record_store& x) {
      return perform<record_store>(x, from_body(&read_record_store));
    },
    [this](const get_record& x) {
      return perform<stored_record>(x, take_record);
    },
    [this](const put_record& x) { return change(x); },
    [this](const delete_record& x) { return change(x); },
    [=, this](const list_records& x) {
      return perform<record_keys>(x, from_body(&read_record_keys));
    },
    [=, this](const find_dataset& x) {
      return perform<remote_dataset>(x, from_body(&read_remote_dataset));
    },
    [=, this](const open_dataset& x) {
      return perform<remote_dataset>(x, from_body(&read_remote_dataset));
    },
    [this](const push_items& x) { return change(x); },
    [this](const set_status_message& x) { return change(x); },
    [this](const reboot_remote_run& x) { return change(x); },
    [this](get_server_time) { return clock_.read(self_->clock().now()); },
    [this](get_api_usage) { return usage_; },
    [this](get_contact) { return contact_; },
    [this](const change_token& x) { return take_token(x); },
    [this](apify::http_answer& x) { handle(x); },
    [this](apify::repeat_call x) { send(x.call); },
  };
}

template <class Response, class Request, class Reader>
caf::result<Response>
apify_api_state::perform(const Request& request, Reader read) {
  auto promise = self_->make_response_promise<Response>();
  launch(endpoints_.make(request), promise,
         [promise, read](http::response& x) mutable -> caf::error {
           auto value = read(x);
           if (!value)
             return std::move(value.error());
           promise.deliver(std::move(*value));
           return {};
         });
  return promise;
}

template <class Request>
caf::result<storage_changed> apify_api_state::change(const Request& request) {
  return perform<storage_changed>(request, take_nothing);
}

caf::result<target_defaults>
apify_api_state::find_target(const get_target& request) {
  auto promise = self_->make_response_promise<target_defaults>();
  auto is_task = request.target.is_task;
  launch(endpoints_.make(request), promise,
         [this, promise, is_task](http::response& x) mutable -> caf::error {
           auto found = read_target_defaults(x.body, is_task);
           if (!found)
             return std::move(found.error());
           if (!is_task || found->memory) {
             promise.deliver(std::move(*found));
             return {};
           }
           // A task that says nothing of memory gets what its actor gets.
           auto next = endpoints_.make(get_target{{found->actor_id, false}});
           launch(std::move(next), promise,
                  [promise, task = *found](http::response& y) mutable {
                    auto actor = read_target_defaults(y.body, false);
                    if (!actor)
                      return std::move(actor.error());
                    task.memory = actor->memory;
                    promise.deliver(std::move(task));
                    return caf::error{};
                  });
           return {};
         });
  return promise;
}

void apify_api_state::launch(apify::api_call call,
                             caf::response_promise promise, acceptor accept) {
  auto id = ++last_id_;
  calls_.emplace(id, pending_call{std::move(call), std::move(accept),
                                  std::move(promise)});
  send(id);
}

void apify_api_state::send(std::uint64_t id) {
  auto call = calls_.find(id);
  if (call == calls_.end())
    return;
  ++usage_.calls[name_of(call->second.call.kind)];
  // Weak: an answer that comes after the end of this actor is dropped.
  auto address = caf::actor_addr{self_->address()};
  client_->send(call->second.call.request, [address,
                                            id](http::client::result result) {
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, apify::http_answer{id, std::move(result)});
  });
}

void apify_api_state::handle(apify::http_answer& x) {
  count_outcome(x.result);
  auto call = calls_.find(x.call);
  if (call == calls_.end())
    return;
  if (auto answer = std::get_if<http::response>(&x.result))
    return handle_response(call, *answer);
  const auto& failure = std::get<http::send_error>(x.result);
  auto why
    = apify::explain_failure(call->second.call, failure, endpoints_.origin());
  if (failure.kind == http::failure::stopped)
    call->second.repeats = apify::max_repeats(call->second.call.kind);
  repeat_or_fail(call, std::move(why));
}

void apify_api_state::handle_response(call_map::iterator call,
                                      http::response& answer) {
  clock_.adjust(answer.headers.get("Date"), self_->clock().now());
  if (redirect(call, answer))
    return;
  if (answer.status < 200 || answer.status > 299)
    return repeat_or_fail(call,
                          apify::explain_refusal(call->second.call, answer));
  // Accepting may launch another call, which moves entries of the map.
  auto id = call->first;
  auto err = call->second.accept(answer);
  call = calls_.find(id);
  if (!err)
    calls_.erase(call);
  else
    repeat_or_fail(call, apify::explain_unreadable(call->second.call, err));
}

bool apify_api_state::redirect(call_map::iterator call,
                               const http::response& answer) {
  auto& [what, accept, promise, repeats, redirected] = call->second;
  if (answer.status != 302 || redirected || what.request.method != "GET")
    return false;
  auto next = endpoints_.follow(what, answer.headers.get("Location"));
  if (!next)
    return false;
  what = std::move(*next);
  redirected = true;
  send(call->first);
  return true;
}

void apify_api_state::repeat_or_fail(call_map::iterator call, caf::error why) {
  auto& [what, accept, promise, repeats, redirected] = call->second;
  if (apify::should_repeat(what.kind, code_of(why), repeats)) {
    std::uniform_real_distribution<> jitter;
    auto delay = apify::backoff(repeats++, jitter(random_));
    ++usage_.repeats;
    log.warn("call-repeated", "account={} kind={} in={}ms why=\"{}\"",
             account_.name, name_of(what.kind), delay.count(), message_of(why));
    self_->delayed_send(caf::actor_cast<apify_api_inbox>(self_), delay,
                        apify::repeat_call{call->first});
    return;
  }
  auto done = calls_.extract(call);
  if (!has_no_input(done.mapped().call, why))
    return done.mapped().promise.deliver(std::move(why));
  done.mapped().promise.deliver(json_text{});
}

void apify_api_state::count_outcome(const http::client::result& result) {
  auto answer = std::get_if<http::response>(&result);
  if (!answer) {
    const auto& failure = std::get<http::send_error>(result);
    usage_.lost_answers += failure.kind == http::failure::answer_lost ? 1 : 0;
    ++contact_.failures;
    contact_.problem = failure.message;
    return;
  }
  usage_.rate_limited += answer->status == 429 ? 1 : 0;
  usage_.server_errors += answer->status >= 500 ? 1 : 0;
  if (answer->status >= 500) {
    ++contact_.failures;
    contact_.problem = fmt::format("it answers {}", answer->status);
    return;
  }
  if (answer->status == 401)
    return count_refused_token();
  contact_ = {now(), 0, {}};
}

/// Nothing can be done with such a token: as bad as no answer, and told once.
void apify_api_state::count_refused_token() {
  ++contact_.failures;
  auto known = std::exchange(contact_.problem, to_string(ec::unauthorized));
  if (known != contact_.problem)
    log.warn("token-refused",
             "account={} the platform refuses its token: what runs there goes "
             "on unseen until there is a right one",
             account_.name);
}

/// Also for repeats of calls that were made before: the old one may be worth
/// nothing any more.
reloaded apify_api_state::take_token(const change_token& x) {
  account_.token = x.token;
  contact_.failures = 0;
  contact_.problem.clear();
  endpoints_ = apify::endpoints{account_.base_url, account_.token};
  for (auto& [id, call] : calls_)
    if (auto& headers = call.call.request.headers;
        headers.contains("Authorization"))
      headers.set("Authorization", "Bearer " + account_.token.reveal());
  return {};
}

void apify_api_state::stop(const caf::exit_msg& why) {
  for (auto& [id, call] : calls_)
    call.promise.deliver(make_error(
      ec::answer_lost, call.call.subject + ": the service stopped meanwhile"));
  calls_.clear();
  self_->quit(why.reason);
}

apify_api_inbox::behavior_type
apify_api(apify_api_inbox::stateful_pointer<apify_api_state> self,
          std::shared_ptr<http::client> client, account_settings account) {
  return self->state.make_behavior(std::move(client), std::move(account));
}

} // namespace orc
