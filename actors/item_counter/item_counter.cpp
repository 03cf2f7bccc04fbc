#include "actors/item_counter/item_counter.hpp"

#include "messages/base/log.hpp"

#include <utility>

namespace orc {

namespace {

constexpr logger log{"item-counter"};

/// Lists are asked for no more often.
constexpr std::chrono::milliseconds gathering_time{200};

/// So many in that time are asked for at once.
constexpr std::size_t few = 3;

constexpr std::size_t max_asking = 16;

constexpr std::chrono::seconds answer_timeout{10};

} // namespace

item_counter_state::~item_counter_state() {
  for (auto& [dataset_id, waiters] : waiting_)
    for (auto& promise : waiters)
      promise.deliver(dataset_count{});
}

item_counter_shell::behavior_type
item_counter_state::make_behavior(apify_api_actor api) {
  api_ = std::move(api);
  return {
    [this](const count_dataset& x) { return count(x); },
    [this](end_gathering) { end_gathering_time(); },
  };
}

caf::result<dataset_count> item_counter_state::count(const count_dataset& x) {
  auto promise = self_->make_response_promise<dataset_count>();
  auto& waiters = waiting_[x.dataset_id];
  waiters.push_back(promise);
  if (waiters.size() > 1)
    return promise;
  if (!gathering_)
    start_gathering();
  if (asked_at_once_ < few) {
    ++asked_at_once_;
    ask_alone(x.dataset_id);
  } else {
    gathered_.push_back(x.dataset_id);
  }
  return promise;
}

void item_counter_state::start_gathering() {
  gathering_ = true;
  asked_at_once_ = 0;
  self_->delayed_send(self_, gathering_time, end_gathering{});
}

void item_counter_state::end_gathering_time() {
  gathering_ = false;
  if (gathered_.empty())
    return;
  start_gathering();
  // After many there will be more: those that come now wait for the list too.
  asked_at_once_ = few;
  if (listing_)
    return;
  if (gathered_.size() > few)
    return ask_together();
  for (auto& id : std::exchange(gathered_, {}))
    ask_alone(std::move(id));
}

void item_counter_state::ask_together() {
  listing_ = true;
  listed_ = std::exchange(gathered_, {});
  self_->request(api_, answer_timeout, count_items{})
    .then([this](const item_counts& x) { handle_list(x.counts); },
          [this](const caf::error& x) {
            log.warn("list-failed", "datasets={} {}", listed_.size(),
                     message_of(x));
            handle_list({});
          });
}

void item_counter_state::handle_list(
  const std::map<std::string, std::uint64_t>& counts) {
  listing_ = false;
  for (auto& id : std::exchange(listed_, {})) {
    if (auto i = counts.find(id); i != counts.end())
      answer(id, {i->second});
    else
      ask_alone(std::move(id));
  }
}

void item_counter_state::ask_alone(std::string dataset_id) {
  alone_.push_back(std::move(dataset_id));
  ask_next();
}

void item_counter_state::ask_next() {
  while (asking_ < max_asking && !alone_.empty()) {
    auto id = std::move(alone_.front());
    alone_.pop_front();
    ++asking_;
    auto done = [this, id](dataset_count x) {
      --asking_;
      answer(id, x);
      ask_next();
    };
    self_->request(api_, answer_timeout, count_items{id})
      .then(
        [id, done](const item_counts& x) {
          auto i = x.counts.find(id);
          done(i == x.counts.end() ? dataset_count{}
                                   : dataset_count{i->second});
        },
        [id, done](const caf::error& x) {
          log.warn("count-failed", "datasetId={} error=\"{}\"", id,
                   message_of(x));
          done({});
        });
  }
}

void item_counter_state::answer(const std::string& dataset_id,
                                dataset_count x) {
  auto node = waiting_.extract(dataset_id);
  if (node.empty())
    return;
  for (auto& promise : node.mapped())
    promise.deliver(x);
}

item_counter_shell::behavior_type
item_counter(item_counter_shell::stateful_pointer<item_counter_state> self,
             apify_api_actor api) {
  return self->state.make_behavior(std::move(api));
}

} // namespace orc
