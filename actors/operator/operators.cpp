#include "actors/operator/operators.hpp"

#include "actors/deliver_to.hpp"
#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"
#include "messages/json/operator_json.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"operators"};

/// Calls to one endpoint at a time.
constexpr std::size_t most_in_flight = 32;

/// So many failures in a row, and an endpoint gets a rest.
constexpr std::uint32_t patience = 5;
constexpr auto first_rest = 30s;
constexpr auto longest_rest = 5min;

/// OPERATORS ask again when they were told of no task for so long.
constexpr auto long_wait = 1h;

/// What an answer may take on its way beyond the time-out of the call.
constexpr auto lease_margin = 30s;

caf::error no_operator(const std::string& id) {
  return make_error(ec::not_found,
                    fmt::format("Operator with id {} not found!", id));
}

} // namespace

operators_state::operators_state(operators_self::pointer self) : self_{self} {
  // nop
}

operators_self::behavior_type
operators_state::make_behavior(operators_config config, operators_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  load();
  return {
    [this](const set_operator& x) { return set(x); },
    [this](const make_operator& x) { return make(x); },
    [this](const remove_operator& x) { return remove(x); },
    [this](const get_operators& x) { return get(x); },
    [this](const channel_seen& x) { open_virtual(x.name); },
    [this](const try_operator& x) {
      if (auto known = desks_.find(x.id); known != desks_.end())
        ask(known->second);
      if (auto known = virtual_.find(x.id); known != virtual_.end())
        ask(known->second);
    },
  };
}

// -- which there are ----------------------------------------------------------

void operators_state::load() {
  self_->request(parts_.store, caf::infinite, load_operators{})
    .await(
      [this](const stored_operators& x) {
        store_ = x.store;
        last_key_ = x.last_key;
        for (const auto& stored : x.operators) {
          const auto& is = stored.is;
          auto one = std::make_shared<desk>();
          one->key = stored.key;
          one->is = is;
          desks_.emplace(is.id, one);
          if (auto err = hire(one))
            log.error("operator-unusable", "id={} error=\"{}\"", is.id,
                      message_of(err));
        }
        if (!config_.virtual_url.empty())
          self_->send(parts_.tasks,
                      watch_channels{
                        channel_sink{caf::actor_cast<operators_actor>(self_)}});
      },
      [this](caf::error& err) { self_->quit(std::move(err)); });
}

caf::result<task_operators> operators_state::set(const set_operator& x) {
  auto promise = self_->make_response_promise<task_operators>();
  set_now(x, {}, deliver_to<task_operators>(promise));
  return promise;
}

caf::result<task_operators> operators_state::make(const make_operator& x) {
  auto promise = self_->make_response_promise<task_operators>();
  if (x.token.empty())
    set_now(x.is, {}, deliver_to<task_operators>(promise));
  else
    make_once(x, deliver_to<task_operators>(promise));
  return promise;
}

/// Whoever asks under a token that is being worked on gets the same answer.
void operators_state::make_once(const make_operator& x, made_answer f) {
  auto& asking = making_[x.token];
  asking.push_back(std::move(f));
  if (asking.size() > 1)
    return;
  auto tell_all = [this, token = x.token](caf::expected<task_operators> made) {
    auto all = making_.extract(token);
    for (const auto& g : all.mapped())
      g(made);
  };
  self_->request(parts_.store, caf::infinite, find_token{x.token})
    .then(
      [this, x, tell_all](const found_token& made) {
        if (!made.number)
          return set_now(x.is, x.token, tell_all);
        task_operators result;
        for (const auto& [id, one] : desks_)
          if (one->key == *made.number)
            result = {{one->is}, 1};
        tell_all(std::move(result));
      },
      [tell_all](caf::error& err) { tell_all(std::move(err)); });
}

caf::expected<operators_state::desk_ptr>
operators_state::changed(const set_operator& x) {
  auto one = std::make_shared<desk>();
  if (x.id.empty()) {
    one->key = last_key_ + 1;
    one->is.created_at = now();
    one->is.id
      = make_object_id(id_of::endpoint, one->is.created_at, store_, one->key);
  } else {
    auto known = desks_.find(x.id);
    if (known == desks_.end())
      return no_operator(x.id);
    one->key = known->second->key;
    one->is = known->second->is;
  }
  auto& is = one->is;
  is.channel = x.channel.value_or(is.channel);
  is.url = x.url.value_or(is.url);
  if (!x.request_config.empty())
    is.request_config = x.request_config;
  if (auto text = x.is_paused.view(); !text.empty())
    is.is_paused
      = text == "null" ? std::nullopt : std::optional{text == "true"};
  if (is.channel.empty() || is.url.empty())
    return make_error(ec::bad_field, is.channel.empty() ? "channel: is missing"
                                                        : "url: is missing");
  last_key_ = std::max(last_key_, one->key);
  return one;
}

void operators_state::set_now(const set_operator& x, std::string token,
                              made_answer f) {
  auto made = changed(x);
  if (!made)
    return f(std::move(made.error()));
  auto one = std::move(*made);
  save_operator request{one->key, one->is, x.id.empty(), std::move(token)};
  store(one, std::move(request), std::move(f));
}

void operators_state::store(const desk_ptr& x, save_operator request,
                            made_answer f) {
  auto is_new = request.is_new;
  self_->request(parts_.store, caf::infinite, std::move(request))
    .then(
      [this, x, is_new, f](const saved&) {
        fault_point("operator-saved");
        auto before = std::exchange(desks_[x->is.id], x);
        if (before)
          dismiss(before);
        if (auto err = hire(x))
          log.error("operator-unusable", "id={} error=\"{}\"", x->is.id,
                    message_of(err));
        tell(is_new ? "operator:create" : "operator:update", x->is);
        f(task_operators{{x->is}, 1});
      },
      [f](caf::error& err) { f(std::move(err)); });
}

caf::result<task_operators> operators_state::remove(const remove_operator& x) {
  auto known = desks_.find(x.id);
  if (known == desks_.end())
    return task_operators{};
  auto promise = self_->make_response_promise<task_operators>();
  self_->request(parts_.store, caf::infinite, drop_operator{known->second->key})
    .then(
      [this, promise, id = x.id](const saved&) mutable {
        auto gone = desks_.extract(id);
        if (gone.empty())
          return static_cast<void>(promise.deliver(task_operators{}));
        dismiss(gone.mapped());
        tell("operator:delete", gone.mapped()->is);
        promise.deliver(task_operators{{gone.mapped()->is}, 1});
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

caf::result<task_operators> operators_state::get(const get_operators& x) {
  task_operators result;
  result.count = desks_.size();
  for (const auto& [id, one] : desks_)
    if (x.id.empty() || x.id == id)
      result.operators.push_back(one->is);
  if (!x.id.empty() && result.operators.empty())
    return no_operator(x.id);
  auto& all = result.operators;
  std::reverse(all.begin(), all.end());
  auto skipped = std::min<std::uint64_t>(x.skip, all.size());
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(skipped));
  if (x.limit > 0 && all.size() > x.limit)
    all.resize(x.limit);
  return result;
}

void operators_state::open_virtual(const std::string& channel) {
  if (virtual_.contains(channel))
    return;
  auto one = std::make_shared<desk>();
  one->is.id = channel;
  one->is.channel = channel;
  one->is.url = config_.virtual_url + channel;
  virtual_.emplace(channel, one);
  if (auto err = hire(one))
    log.error("operator-unusable", "channel={} error=\"{}\"", channel,
              message_of(err));
}

// -- working ------------------------------------------------------------------

caf::error operators_state::hire(const desk_ptr& x) {
  auto call
    = make_operator_call(x->is.url, x->is.request_config, config_.timeout);
  if (!call)
    return std::move(call.error());
  x->call = std::move(*call);
  x->worker = "operator_" + x->is.id;
  if (virtual_.contains(x->is.id) && !config_.virtual_token.empty())
    x->call.headers.emplace_back(
      "Authorization",
      secret{fmt::format("Bearer {}", config_.virtual_token.reveal())});
  ask(x);
  return {};
}

void operators_state::dismiss(const desk_ptr& x) {
  x->is.is_paused = true;
  if (x->is_asking)
    self_->send(parts_.tasks, stop_waiting{x->is.channel, x->worker});
}

bool operators_state::is_open(const desk& x) const {
  // One that was made is idle where there is a virtual one.
  auto is_idle = !config_.virtual_url.empty() && !virtual_.contains(x.is.id);
  if (is_idle || x.is.is_paused.value_or(false))
    return false;
  if (x.failures >= patience)
    // After its rest it shows first that it can do one.
    return x.in_flight == 0 && clock::now() >= x.rests_until;
  return x.in_flight < most_in_flight;
}

void operators_state::ask(const desk_ptr& x) {
  if (x->is_asking || !is_open(*x))
    return;
  x->is_asking = true;
  acquire_task question;
  question.channel = x->is.channel;
  question.worker = x->worker;
  question.wait = long_wait;
  question.lease = x->call.timeout + lease_margin;
  self_->request(parts_.tasks, caf::infinite, std::move(question))
    .then(
      [this, x](const stored_tasks& given) {
        x->is_asking = false;
        if (!given.tasks.empty())
          call(x, given);
        ask(x);
      },
      [this, x](const caf::error& err) {
        x->is_asking = false;
        log.warn("no-task", "channel={} error=\"{}\"", x->is.channel,
                 message_of(err));
        self_->delayed_send(self_, 1s, try_operator{x->is.id});
      });
}

void operators_state::call(const desk_ptr& x, const stored_tasks& task) {
  ++x->in_flight;
  auto request = x->call;
  request.body = render_operator_body(task);
  self_->request(parts_.caller, caf::infinite, std::move(request))
    .then([this, x, id = task.tasks.front().id](
            const operator_answer& answer) { settle(x, id, answer); },
          [this, x, id = task.tasks.front().id](const caf::error& err) {
            settle(x, id, {0, {}, message_of(err)});
          });
}

void operators_state::settle(const desk_ptr& x, const std::string& task,
                             const operator_answer& answer) {
  --x->in_flight;
  note(x, answer);
  auto how = read_operator_answer(answer);
  how.id = task;
  how.worker = x->worker;
  release(x, std::move(how));
  ask(x);
}

void operators_state::release(const desk_ptr& x, release_task how) {
  auto failed = !how.error.empty();
  self_->request(parts_.tasks, caf::infinite, how)
    .then(
      [](const stored_tasks&) {
        // It is done.
      },
      [this, x, how, failed](const caf::error& err) {
        log.warn("not-released", "task={} error=\"{}\"", how.id,
                 message_of(err));
        if (failed || code_of(err) != ec::bad_field)
          return;
        // What it answered makes no sense, such as children that are no graph.
        auto instead = release_task{};
        instead.id = how.id;
        instead.worker = how.worker;
        instead.error = json_text{json_quote(message_of(err))};
        release(x, std::move(instead));
      });
}

void operators_state::note(const desk_ptr& x, const operator_answer& answer) {
  auto is_down
    = answer.status == 0 || answer.status == 429 || answer.status >= 500;
  if (!is_down) {
    x->failures = 0;
    return;
  }
  if (++x->failures < patience)
    return;
  auto rest = std::min<std::chrono::milliseconds>(
    first_rest * (1U << std::min(x->failures - patience, 10U)), longest_rest);
  x->rests_until = clock::now() + rest;
  log.warn("operator-rests", "channel={} failures={} secs={}", x->is.channel,
           x->failures, rest / 1s);
  self_->delayed_send(self_, rest, try_operator{x->is.id});
}

void operators_state::tell(const std::string& what, const task_operator& x) {
  self_->send(parts_.tasks, task_event{std::string{operators_room}, what,
                                       json_text{to_json(x)}});
}

operators_self::behavior_type
operators(operators_self::stateful_pointer<operators_state> self,
          operators_config config, operators_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
