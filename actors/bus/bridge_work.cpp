// How the BUS BRIDGE does durable commands:
//
//     delivered --begun is durable--> begun --called--> answered
//                                                          |
//      ended is durable, its fact is owed <--done, parked--+--again--> nak
//                        |
//             published to `parked`, if it is; then acked or terminated
//
// Whatever dies in between, the command is delivered again, and what is durable
// by then tells where to go on.

#include "actors/bus/bridge.hpp"
#include "actors/bus/work_rules.hpp"
#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

constexpr logger log{"bus"};

/// Longer answers of durable commands are not kept.
constexpr std::size_t longest_answer = std::size_t{256} << 10;

/// A command that fails without saying that it may pass is parked after so
/// many attempts.
constexpr std::uint64_t most_deliveries = 30;

/// An answer that does not pass as JSON, or is too long, is left out.
json_text kept_answer(const api_answer& x) {
  auto is_json = x.content_type.starts_with("application/json");
  return is_json && x.body.view().size() <= longest_answer ? x.body
                                                           : json_text{};
}

api_answer unclear_answer() {
  return {500, "application/json",
          json_text{R"({"error":{"type":"unclear","message":"the service )"
                    R"(stopped while it did this command, so it may have been )"
                    R"(done: look, and send it again under another )"
                    R"(Nats-Msg-Id if it was not"}})"}};
}

} // namespace

void bus_bridge_state::work(const bus_work& x) {
  ++status_.messages_in;
  if (x.deliveries > 1)
    ++status_.commands_redelivered;
  auto id = command_id(x);
  auto [known, is_new] = working_.try_emplace(id);
  // It came again while it is being done: the later delivery is the one to
  // settle.
  known->second.work.token = x.token;
  if (!is_new)
    return;
  known->second.work = x;
  known->second.verb = x.message.subject.substr(
    std::min(subjects_.work.size(), x.message.subject.size()));
  begin(id);
}

void bus_bridge_state::begin(const std::string& id) {
  self_
    ->request(parts_.store, caf::infinite,
              begin_command{id, working_.at(id).verb, now()})
    .then([this, id](const known_command& known) { go_on(id, known); },
          [this, id](const caf::error& err) {
            try_again(id, message_of(err));
          });
}

void bus_bridge_state::go_on(const std::string& id,
                             const known_command& known) {
  auto answer = api_answer{known.status, "application/json", known.answer};
  switch (known.state) {
    case command_state::done:
      return ended(id, answer, false);
    case command_state::failed:
      return ended(id, answer, true);
    case command_state::begun:
      if (!repeats(working_.at(id).verb))
        return end(id, unclear_answer(), true);
      return execute(id);
    case command_state::fresh:
      return execute(id);
  }
}

void bus_bridge_state::execute(const std::string& id) {
  const auto& item = working_.at(id);
  fault_point("command-begun");
  call_api question{item.verb, item.work.message.data, "nats-" + id,
                    std::uint64_t{16} << 20};
  self_->request(parts_.caller, caf::infinite, std::move(question))
    .then([this, id](const api_answer& x) { executed(id, x); },
          [this, id](const caf::error& err) {
            try_again(id, message_of(err));
          });
}

void bus_bridge_state::executed(const std::string& id, const api_answer& x) {
  fault_point("command-called");
  const auto& item = working_.at(id);
  // What has failed for so long will fail for ever.
  if (x.status >= 500 && x.status != 503 && x.status != 507
      && item.work.deliveries >= most_deliveries)
    return end(id, x, true);
  switch (judge(x.status, repeats(item.verb))) {
    case work_verdict::done:
      return end(id, x, false);
    case work_verdict::parked:
      return end(id, x, true);
    case work_verdict::unclear:
      return end(id, unclear_answer(), true);
    case work_verdict::again:
      // It did nothing: to begin it again is to begin it for the first time.
      self_->request(parts_.store, caf::infinite, forget_command{id})
        .then([this, id](const saved&) { try_again(id, "not now"); },
              [this, id](const caf::error& err) {
                try_again(id, message_of(err));
              });
  }
}

void bus_bridge_state::end(const std::string& id, const api_answer& x,
                           bool failed) {
  auto kept = api_answer{x.status, x.content_type, kept_answer(x)};
  end_command request{id, failed, x.status, kept.body, {}};
  request.fact = facts_.make(command_outcome{id, working_.at(id).verb, x.status,
                                             kept.body},
                             failed, now());
  self_->request(parts_.store, caf::infinite, std::move(request))
    .then(
      [this, id, kept, failed](const saved&) {
        fault_point("command-ended");
        ended(id, kept, failed);
      },
      [this, id](const caf::error& err) { try_again(id, message_of(err)); });
}

void bus_bridge_state::ended(const std::string& id, const api_answer& x,
                             bool failed) {
  const auto& item = working_.at(id);
  auto to = std::string{item.work.message.header("Reply-To")};
  answer(to, x);
  if (failed)
    return park(id, x);
  ++status_.commands_done;
  log.info("command-done", "id=\"{}\" verb={} status={} delivery={}", id,
           item.verb, x.status, item.work.deliveries);
  settle(id, work_end::done);
}

void bus_bridge_state::park(const std::string& id, const api_answer& x) {
  parking why{id, x.status, std::string{x.body.view()}};
  auto parked = parked_message(working_.at(id).work.message, why,
                               subjects_.parked, max_payload_);
  ++status_.messages_out;
  self_->request(parts_.link, caf::infinite, publish_bus{std::move(parked)})
    .then(
      [this, why](const bus_stored&) {
        ++status_.commands_parked;
        log.warn("command-parked", "id=\"{}\" verb={} status={} answer={}",
                 why.id, working_.at(why.id).verb, why.status, why.reason);
        settle(why.id, work_end::hopeless);
      },
      [this, id](const caf::error& err) { try_again(id, message_of(err)); });
}

void bus_bridge_state::try_again(const std::string& id, std::string_view why) {
  const auto& item = working_.at(id);
  auto pause = pause_after(item.work.deliveries);
  ++status_.commands_postponed;
  log.warn("command-postponed", "id=\"{}\" verb={} pause_ms={} error=\"{}\"",
           id, item.verb, pause.count(), why);
  settle(id, work_end::retry, pause);
}

void bus_bridge_state::settle(const std::string& id, work_end end,
                              std::chrono::milliseconds pause) {
  self_->send(parts_.link, settle_work{working_.at(id).work.token, end, pause});
  working_.erase(id);
  pull();
}

/// Asks for more when half of what may be in hand is done, so that one pull
/// brings many.
void bus_bridge_state::pull() {
  if (!status_.has_streams || working_.size() > config_.max_in_flight / 2)
    return;
  self_->send(parts_.link,
              pull_work{config_.max_in_flight
                        - static_cast<std::uint32_t>(working_.size())});
}

bool bus_bridge_state::repeats(const std::string& verb) const {
  return repeatable_.contains(verb);
}

} // namespace orc
