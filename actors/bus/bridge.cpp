#include "actors/bus/bridge.hpp"

#include "actors/bus/work_rules.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <random>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"bus"};

constexpr std::chrono::seconds tick_interval{1};

/// Commands that are being worked on say so that often; the bus waits thrice as
/// long.
constexpr std::uint64_t ticks_of_progress = 3;

constexpr std::uint64_t ticks_of_pruning = 3'600;

/// What headers may take of the largest message.
constexpr std::uint64_t header_room = 4'096;

std::string make_process_id() {
  std::random_device random;
  std::string result;
  for (auto i = 0; i < 3; ++i)
    result += fmt::format("{:08x}", random());
  return result;
}

/// @returns what a body says is wrong: `{"error":{"message"}}`, or
/// `{"message"}`
///          as Crew's clients know it.
std::string problem_in(const json_text& body) {
  auto document = raw_object::read(body.view());
  if (!document)
    return "see the body";
  if (auto error = document->any("error"); !error.empty()) {
    auto inner = raw_object::read(error.view());
    if (inner)
      return inner->text("message").value_or("see the body");
  }
  return document->text("message").value_or("see the body");
}

api_answer busy(std::uint32_t most) {
  return {503, "application/json",
          json_text{fmt::format(
            R"({{"error":{{"type":"busy","message":"{} requests are being )"
            R"(worked on: ask again later"}}}})",
            most)}};
}

} // namespace

bus_bridge_state::bus_bridge_state(bus_bridge_actor::pointer self)
  : self_{self}, window_{256} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

bus_bridge_actor::behavior_type
bus_bridge_state::make_behavior(bus_config config, bus_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  subjects_ = bus_subjects{config_.instance};
  status_.instance = config_.instance;
  status_.since = now();
  facts_ = fact_maker{parts_.store_id};
  micro_
    = micro_service{config_.instance, make_process_id(), now(), parts_.verbs};
  for (const auto& x : parts_.verbs)
    if (x.repeats)
      repeatable_.insert(x.verb);
  self_->send(parts_.outbox,
              watch_deliveries{caf::actor_cast<delivery_sink>(self_)});
  if (parts_.tasks)
    self_->send(parts_.tasks,
                subscribe_tasks{caf::actor_cast<task_event_sink>(self_)});
  take_up_marks();
  self_->send(parts_.link, open_bus{caf::actor_cast<bus_sink>(self_)});
  tick();
  return {
    [this](const bus_up& x) { went_up(x); },
    [this](const bus_down& x) { went_down(x); },
    [this](const bus_request& x) { request(x.message); },
    [this](const bus_work& x) { work(x); },
    [this](deliveries_added) {
      window_.grew();
      serve_events();
    },
    [this](const task_event& x) { heard(x); },
    [this](get_bus_status) { return status(); },
    [this](bus_tick) { tick(); },
  };
}

// -- the bus ------------------------------------------------------------------

void bus_bridge_state::went_up(const bus_up& x) {
  auto is_news = !told_streamless_;
  if (!std::exchange(status_.connected, true)) {
    status_.since = now();
    ++status_.connects;
  }
  status_.has_streams = x.has_streams.value_or(false);
  told_streamless_ = x.has_streams == false;
  status_.server = x.server;
  max_payload_ = x.max_payload;
  if (told_streamless_ && is_news)
    log.error("bus-has-no-streams",
              "server={} note=\"requests work; events "
              "and durable commands wait\"",
              x.server);
  pull();
  serve_events();
}

void bus_bridge_state::went_down(const bus_down&) {
  // The link has said it aloud. What was under way fails there.
  if (std::exchange(status_.connected, false))
    status_.since = now();
  status_.has_streams = false;
  status_.server.clear();
}

/// What the store owes counts, too.
caf::result<bus_status> bus_bridge_state::status() {
  auto promise = self_->make_response_promise<bus_status>();
  auto known = status_;
  known.requests_under_way = requests_;
  known.commands_in_hand = working_.size();
  self_->request(parts_.outbox, caf::infinite, load_hooks{})
    .then(
      [promise, known](const hook_records& x) mutable {
        for (const auto& hook : x.hooks)
          if (hook.name == bus_outbox) {
            known.events_owed = hook.pending;
            known.events_dropped = hook.dropped;
            known.oldest_owed = hook.oldest_pending;
          }
        promise.deliver(std::move(known));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

void bus_bridge_state::tick() {
  self_->delayed_send(self_, tick_interval, bus_tick{});
  ++ticks_;
  if (ticks_ % ticks_of_progress == 0)
    for (const auto& [id, item] : working_)
      self_->send(parts_.link,
                  settle_work{item.work.token, work_end::progress, {}});
  if (ticks_ % ticks_of_pruning == 1)
    caf::anon_send(parts_.store, prune_commands{now() - config_.keep_commands});
  flush_owed();
  settle_marks();
  serve_events();
}

void bus_bridge_state::stop(const caf::exit_msg& why) {
  // The next process gets at once what this one does not end.
  for (const auto& [id, item] : working_)
    self_->send(parts_.link, settle_work{item.work.token, work_end::retry, {}});
  self_->quit(why.reason);
}

// -- requests -----------------------------------------------------------------

void bus_bridge_state::request(const bus_message& x) {
  ++status_.messages_in;
  if (auto answer = micro_.answer(x.subject)) {
    if (!x.reply.empty())
      send({x.reply, {}, {}, json_text{std::move(*answer)}});
    return;
  }
  if (!x.subject.starts_with(subjects_.commands))
    return;
  ++status_.requests;
  if (requests_ >= config_.max_requests) {
    ++status_.requests_refused;
    return answer(x.reply, busy(config_.max_requests));
  }
  call(x, x.subject.substr(subjects_.commands.size()));
}

void bus_bridge_state::call(const bus_message& x, std::string verb) {
  ++requests_;
  call_api question{verb, x.data, std::string{x.header("Nats-Msg-Id")},
                    max_payload_ - std::min(max_payload_, header_room)};
  auto began = clock::now();
  auto finish = [this, began, verb, to = x.reply](const api_answer& y) {
    --requests_;
    micro_.count(verb, clock::now() - began,
                 y.status < 400 ? "" : problem_in(y.body));
    answer(to, y);
  };
  self_->request(parts_.caller, caf::infinite, std::move(question))
    .then(finish, [finish](const caf::error& err) {
      finish({503, "application/json",
              json_text{
                fmt::format(R"({{"error":{{"type":"stopping","message":{}}}}})",
                            json_quote(message_of(err)))}});
    });
}

void bus_bridge_state::answer(const std::string& to, const api_answer& x) {
  if (to.empty())
    return;
  if (!is_plain_subject(to)) {
    log.warn("answer-dropped", "to={} note=\"no subject to answer to\"",
             json_quote(header_text(to)));
    return;
  }
  bus_message reply{to, {}, {}, x.body};
  reply.headers.push_back({"Orchestrator-Status", std::to_string(x.status)});
  if (!x.content_type.starts_with("application/json"))
    reply.headers.push_back({"Content-Type", header_text(x.content_type)});
  if (x.status >= 400) {
    reply.headers.push_back(
      {"Nats-Service-Error", header_text(problem_in(x.body))});
    reply.headers.push_back(
      {"Nats-Service-Error-Code", std::to_string(x.status)});
  }
  send(std::move(reply));
}

void bus_bridge_state::send(bus_message x) {
  ++status_.messages_out;
  self_->send(parts_.link, send_bus{std::move(x)});
}

bus_bridge_actor::behavior_type
bus_bridge(bus_bridge_actor::stateful_pointer<bus_bridge_state> self,
           bus_config config, bus_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
