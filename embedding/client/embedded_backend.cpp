#include "embedding/client/backends.hpp"
#include "embedding/orchestrator.hpp"
#include "embedding/shutdown.hpp"
#include "messages/json/json.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace orc {

class desk_state;

/// Something to be done at the DESK.
struct desk_errand {
  std::function<void(desk_state&)> work;
};

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::desk_errand)

namespace orc {

namespace {

using desk_actor = event_sink::extend<caf::reacts_to<desk_errand>>;

struct system_config : caf::actor_system_config {
  explicit system_config(unsigned threads) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::max(threads, 1U));
    set("logger.verbosity", caf::atom("quiet"));
  }
};

} // namespace

/// The DESK: asks the orchestrator for a client, and calls the client's
/// functions, one at a time. It ends with the orchestrator; whoever still waits
/// is answered then, see `sure`.
class desk_state {
public:
  static inline const char* name = "client-desk";

  explicit desk_state(desk_actor::pointer self) : self_{self} {
    // nop
  }

  desk_actor::behavior_type
  make_behavior(orchestrator_actor orchestrator, walks_actor walks,
                const events_actor& events) {
    orchestrator_ = std::move(orchestrator);
    walks_ = std::move(walks);
    self_->monitor(orchestrator_);
    self_->set_down_handler([this](const caf::down_msg&) {
      if (on_death)
        on_death();
      self_->quit();
    });
    subscribe_events all;
    all.sink = desk_actor{self_};
    self_->send(events, all);
    return {[this](const run_event& x) {
              if (on_event)
                on_event(x);
            },
            [this](const desk_errand& x) { x.work(*this); }};
  }

  template <class Response, class Request>
  void ask(Request request, sure<Response> answer) {
    ask_of(orchestrator_, std::move(request), std::move(answer));
  }

  template <class Response, class Request>
  void ask_walks(Request request, sure<Response> answer) {
    if (!walks_)
      return answer(make_error(ec::bad_config,
                               "this client has no batches: start it with "
                               "client_options::batches"));
    ask_of(walks_, std::move(request), std::move(answer));
  }

  std::function<void(const run_event&)> on_event;
  std::function<void()> on_death;

private:
  template <class Handle, class Response, class Request>
  void ask_of(const Handle& whom, Request request, sure<Response> answer) {
    self_->request(whom, caf::infinite, std::move(request))
      .then([answer](Response& x) { answer(std::move(x)); },
            [answer](caf::error& x) { answer(std::move(x)); });
  }

  desk_actor::pointer self_;
  orchestrator_actor orchestrator_;
  walks_actor walks_;
};

namespace {

desk_actor::behavior_type desk(desk_actor::stateful_pointer<desk_state> self,
                               orchestrator_actor orchestrator,
                               walks_actor walks, const events_actor& events) {
  return self->state.make_behavior(std::move(orchestrator), std::move(walks),
                                   events);
}

orchestrator_options options_of(const client_options& x) {
  orchestrator_options result;
  result.settings.base_url = x.base_url;
  if (!x.token.empty()) {
    account_settings account;
    account.token = secret{x.token};
    account.base_url = x.base_url;
    if (x.max_memory_mbytes > 0)
      account.max_memory = mebibytes{x.max_memory_mbytes};
    if (x.max_runs > 0)
      account.max_runs = x.max_runs;
    result.settings.accounts.push_back(std::move(account));
  }
  if (!x.data_directory.empty())
    result.store = in_directory{x.data_directory};
  if (x.batches) {
    result.walks.emplace();
    result.walks->classes = x.classes;
    // Whoever gives URLs is this program.
    result.walks->allow_private = true;
  }
  return result;
}

class embedded final : public client::backend {
public:
  explicit embedded(unsigned threads) : config_{threads} {
    // nop
  }

  ~embedded() override {
    close();
  }

  caf::error open(const orchestrator_options& options) {
    auto opened = embedded_orchestrator::open(system_, options);
    if (!opened)
      return std::move(opened.error());
    parts_.emplace(std::move(*opened));
    desk_ = system_.spawn(desk, parts_->orchestrator(), parts_->walks(),
                          parts_->events());
    return {};
  }

  void
  submit(std::vector<std::string> runs, answer_to<submitted_runs> f) override {
    submit_runs request;
    for (const auto& text : runs) {
      auto run = from_json<run_request>(text);
      if (!run)
        return f(make_error(code_of(run.error()),
                            fmt::format("runs[{}].{}", request.runs.size(),
                                        message_of(run.error()))));
      request.runs.push_back(std::move(*run));
    }
    ask(std::move(request), std::move(f));
  }

  void get(run_ref which, answer_to<run> f) override {
    ask(get_run{std::move(which)}, std::move(f));
  }

  void list(list_runs which, answer_to<run_page> f) override {
    ask(std::move(which), std::move(f));
  }

  void wait(run_ref which, std::chrono::milliseconds at_most,
            answer_to<run> f) override {
    ask(wait_run{std::move(which), at_most}, std::move(f));
  }

  void abort(run_ref which, bool gracefully, answer_to<run> f) override {
    ask(abort_named_run{std::move(which), gracefully}, std::move(f));
  }

  void abort_all(std::string space, answer_to<aborted_runs> f) override {
    abort_runs request;
    request.space = std::move(space);
    request.all = true;
    ask(std::move(request), std::move(f));
  }

  void items(run_ref which, get_items page, answer_to<items_page> f) override {
    ask(read_items{std::move(which), std::move(page)}, std::move(f));
  }

  void report(std::string space, answer_to<orc::report> f) override {
    ask(get_report{std::move(space), false}, std::move(f));
  }

  void start_batch(std::string spec, answer_to<walk_view> f) override {
    ask_walks(start_walk{secret{std::move(spec)}}, std::move(f));
  }

  void wait_batch(std::string name, std::chrono::milliseconds at_most,
                  answer_to<walk_view> f) override {
    ask_walks(wait_walk{std::move(name), at_most}, std::move(f));
  }

  void list_batches(answer_to<walk_views> f) override {
    ask_walks(list_walks{}, std::move(f));
  }

  void change_batch(change_walk how, answer_to<walk_view> f) override {
    ask_walks(std::move(how), std::move(f));
  }

  void on_event(std::function<void(const run_event&)> f) override {
    at_desk([f = std::move(f)](desk_state& x) { x.on_event = f; });
  }

  void on_death(std::function<void()> f) override {
    at_desk([f = std::move(f)](desk_state& x) { x.on_death = f; });
  }

  caf::expected<std::uint64_t> stop(bool abort_runs) override {
    if (!parts_)
      return make_error(ec::stopping, "the client has ended");
    auto stopped = parts_->stop(abort_runs);
    close();
    if (!stopped)
      return std::move(stopped.error());
    return stopped->aborted;
  }

private:
  template <class Request, class Response>
  void ask(Request request, answer_to<Response> f) {
    at_desk([request = std::move(request),
             answer = sure<Response>{std::move(f)}](desk_state& x) {
      x.ask(request, answer);
    });
  }

  template <class Request, class Response>
  void ask_walks(Request request, answer_to<Response> f) {
    at_desk([request = std::move(request),
             answer = sure<Response>{std::move(f)}](desk_state& x) {
      x.ask_walks(request, answer);
    });
  }

  /// Lost if the desk has ended: see `sure`.
  void at_desk(std::function<void(desk_state&)> work) {
    caf::anon_send(desk_, desk_errand{std::move(work)});
  }

  void close() {
    // Before the one it watches, since what follows is no accident.
    shut_down(system_, {caf::actor_cast<caf::actor>(desk_)});
    parts_.reset();
  }

  system_config config_;
  caf::actor_system system_{config_};
  std::optional<embedded_orchestrator> parts_;
  /// Never changes once it is open, so that all threads may read it.
  desk_actor desk_;
};

} // namespace

caf::expected<std::unique_ptr<client::backend>>
embedded_backend(const client_options& options) {
  auto result = std::make_unique<embedded>(options.threads);
  if (auto err = result->open(options_of(options)))
    return err;
  return std::unique_ptr<client::backend>{std::move(result)};
}

} // namespace orc
