#include "actors/operator/operators.hpp"

#include "actors/deliver_to.hpp"
#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"
#include "messages/base/percent.hpp"
#include "messages/json/json.hpp"
#include "messages/json/task_run.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"operators"};

/// What the path of a URL may have besides, so that a channel looks in it as it
/// does elsewhere.
constexpr std::string_view stays_in_path = "/:@!$&'()*+,;=";

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
    [this](release_again) { release_all(); },
  };
}

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
  if (!x.id.empty())
    return in_turn(x.id,
                   [this, x](const made_answer& f) { set_now(x, {}, f); });
  auto promise = self_->make_response_promise<task_operators>();
  set_now(x, {}, deliver_to<task_operators>(promise));
  return promise;
}

caf::result<task_operators>
operators_state::in_turn(const std::string& id,
                         std::function<void(const made_answer&)> change) {
  auto promise = self_->make_response_promise<task_operators>();
  made_answer f
    = [this, promise, id](const caf::expected<task_operators>& x) mutable {
        deliver_to<task_operators>(promise)(x);
        go_on(id);
      };
  auto& all = changes_[id];
  all.push_back([change = std::move(change), f] { change(f); });
  // A copy: one that is done at once takes itself out.
  if (all.size() == 1)
    std::function<void()>{all.front()}();
  return promise;
}

void operators_state::go_on(const std::string& id) {
  auto all = changes_.find(id);
  all->second.pop_front();
  if (all->second.empty())
    changes_.erase(all);
  else
    std::function<void()>{all->second.front()}();
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
  return in_turn(x.id, [this, id = x.id](const made_answer& f) {
    remove_now(id, f);
  });
}

void operators_state::remove_now(const std::string& id, made_answer f) {
  auto known = desks_.find(id);
  if (known == desks_.end())
    return f(task_operators{});
  self_->request(parts_.store, caf::infinite, drop_operator{known->second->key})
    .then(
      [this, id, f](const saved&) {
        auto gone = desks_.extract(id);
        dismiss(gone.mapped());
        tell("operator:delete", gone.mapped()->is);
        f(task_operators{{gone.mapped()->is}, 1});
      },
      [f](caf::error& err) { f(std::move(err)); });
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
  // What runs do is no operator's.
  if (virtual_.contains(channel) || channel.starts_with(run_channel_prefix))
    return;
  auto one = std::make_shared<desk>();
  one->is.id = channel;
  one->is.channel = channel;
  one->is.url = config_.virtual_url + percent_encode(channel, stays_in_path);
  virtual_.emplace(channel, one);
  if (auto err = hire(one))
    log.error("operator-unusable", "channel={} error=\"{}\"", channel,
              message_of(err));
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
