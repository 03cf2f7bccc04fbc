#include "embedding/client/backends.hpp"
#include "embedding/client/event_lines.hpp"
#include "messages/base/error.hpp"
#include "messages/event.hpp"
#include "messages/http_api.hpp"
#include "messages/json/json.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// One request waits for a run no longer than proxies like.
constexpr auto longest_wait = 60'000ms;

/// Before the stream of events is asked for again.
constexpr auto listen_pause = 1'000ms;

/// As many as a service takes.
http::client_options many_connections() {
  http::client_options result;
  result.max_connections = 20'000;
  return result;
}

std::string without_slash(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

std::string path_of(const run_ref& ref, const std::string& rest = "") {
  return fmt::format("/api/v1/runs/{}{}{}namespace={}",
                     http::percent_encode(ref.name), rest,
                     rest.find('?') == std::string::npos ? '?' : '&',
                     http::percent_encode(ref.space));
}

std::string batch_path(const std::string& name, std::string_view rest = "") {
  return fmt::format("/api/v1/batches/{}{}", http::percent_encode(name), rest);
}

/// @returns the query that lists runs.
std::string list_query(const list_runs& x) {
  auto result
    = fmt::format("?limit={}&namespace={}&batch={}&cursor={}", x.limit,
                  http::percent_encode(x.space), http::percent_encode(x.batch),
                  http::percent_encode(x.cursor));
  std::string states;
  for (auto state : x.states)
    states += fmt::format("{}{}", states.empty() ? "" : ",", name_of(state));
  return states.empty() ? result : result + "&state=" + states;
}

/// @returns the body of a good answer, or what the answer says.
caf::expected<std::string>
body_of(http::client::result x, const std::string& url) {
  if (const auto* failed = std::get_if<http::send_error>(&x)) {
    if (failed->kind == http::failure::stopped)
      return make_error(ec::stopping, "the client has ended");
    if (failed->kind == http::failure::not_sent)
      return make_error(ec::not_sent, fmt::format("no service at {}: {}", url,
                                                  failed->message));
    return make_error(ec::answer_lost, fmt::format("{} gave no answer: {}", url,
                                                   failed->message));
  }
  auto& answer = std::get<http::response>(x);
  if (answer.status < 400)
    return std::move(answer.body);
  if (answer.status == 401 || answer.status == 403)
    return make_error(ec::unauthorized,
                      fmt::format("{} refuses the token", url));
  if (auto told = from_json<error_answer>(answer.body))
    return make_error(ec::api_refused, told->error.message, told->error.type);
  return make_error(ec::bad_answer,
                    fmt::format("{} answers {}: is it this service?", url,
                                answer.status));
}

template <class T>
caf::expected<T> read(caf::expected<std::string>& body) {
  if (!body)
    return std::move(body.error());
  return from_json<T>(*body);
}

class service final : public client::backend {
public:
  explicit service(const service_address& where)
    : url_{without_slash(where.url)}, token_{where.token}, http_{runtime_, {}},
      waits_{runtime_, many_connections()}, pause_{runtime_} {
    // nop
  }

  ~service() override {
    close();
  }

  /// @returns why nobody can be spoken to there, if so.
  caf::error check() {
    if (!http::parse_url(url_))
      return make_error(ec::bad_config,
                        fmt::format("`{}` is no http or https URL", url_));
    std::promise<caf::error> checked;
    send({}, "/api/v1/accounts", [&](caf::expected<std::string> x) {
      checked.set_value(x ? caf::error{} : std::move(x.error()));
    });
    return checked.get_future().get();
  }

  void
  submit(std::vector<std::string> runs, answer_to<submitted_runs> f) override {
    post("/api/v1/runs", fmt::format("[{}]", fmt::join(runs, ",")),
         [f = std::move(f)](caf::expected<std::string> body) {
           auto many = read<std::vector<run>>(body);
           if (!many)
             return f(std::move(many.error()));
           submitted_runs result;
           for (auto& x : *many)
             result.runs.push_back({std::move(x), false});
           f(std::move(result));
         });
  }

  void get(run_ref which, answer_to<run> f) override {
    send({}, path_of(which), reading(std::move(f)));
  }

  void list(list_runs which, answer_to<run_page> f) override {
    send({}, "/api/v1/runs" + list_query(which), reading(std::move(f)));
  }

  void wait(run_ref which, std::chrono::milliseconds at_most,
            answer_to<run> f) override {
    auto part = std::clamp(at_most, 0ms, longest_wait);
    auto secs = std::chrono::ceil<std::chrono::seconds>(part);
    http::outgoing request;
    request.timeout = secs + 60s;
    auto next = [this, which, rest = at_most - part,
                 f = std::move(f)](caf::expected<std::string> body) {
      auto now = read<run>(body);
      if (!now || is_final(now->state) || rest <= 0ms)
        return f(std::move(now));
      wait(which, rest, f);
    };
    send(waits_, std::move(request),
         path_of(which, fmt::format("?waitSecs={}", secs.count())),
         std::move(next));
  }

  void abort(run_ref which, bool gracefully, answer_to<run> f) override {
    post(path_of(which, "/abort"),
         fmt::format(R"({{"gracefully":{}}})", gracefully),
         reading(std::move(f)));
  }

  void abort_all(std::string space, answer_to<aborted_runs> f) override {
    post("/api/v1/runs/abort",
         fmt::format(R"({{"namespace":{},"all":true}})", json_quote(space)),
         reading(std::move(f)));
  }

  void items(run_ref which, get_items page, answer_to<items_page> f) override {
    auto rest = fmt::format("/items?format=ndjson&offset={}&limit={}",
                            page.offset, page.limit);
    send({}, path_of(which, rest),
         [f = std::move(f)](caf::expected<std::string> body) {
           if (!body)
             return f(std::move(body.error()));
           items_page result;
           auto lines = std::count(body->begin(), body->end(), '\n');
           result.count = static_cast<std::uint64_t>(lines);
           result.body = json_text{std::move(*body)};
           f(std::move(result));
         });
  }

  void report(std::string space, answer_to<orc::report> f) override {
    send({}, "/api/v1/report?namespace=" + http::percent_encode(space),
         reading(std::move(f)));
  }

  void start_batch(std::string spec, answer_to<walk_view> f) override {
    post("/api/v1/batches", std::move(spec), reading(std::move(f)));
  }

  void wait_batch(std::string name, std::chrono::milliseconds at_most,
                  answer_to<walk_view> f) override {
    auto part = std::clamp(at_most, 0ms, longest_wait);
    auto secs = std::chrono::ceil<std::chrono::seconds>(part);
    http::outgoing request;
    request.timeout = secs + 60s;
    auto next = [this, name, rest = at_most - part,
                 f = std::move(f)](caf::expected<std::string> body) {
      auto now = read<walk_view>(body);
      if (!now || now->is_finished || rest <= 0ms)
        return f(std::move(now));
      wait_batch(name, rest, f);
    };
    send(waits_, std::move(request),
         batch_path(name, fmt::format("?waitSecs={}", secs.count())),
         std::move(next));
  }

  void list_batches(answer_to<walk_views> f) override {
    send({}, "/api/v1/batches", reading(std::move(f)));
  }

  void change_batch(change_walk how, answer_to<walk_view> f) override {
    auto body = how.verb == walk_verb::set_parallelism
                  ? fmt::format(R"({{"maxParallelism":{}}})", how.limit)
                  : std::string{};
    post(batch_path(how.name, fmt::format("/{}", name_of(how.verb))),
         std::move(body), reading(std::move(f)));
  }

  void on_event(std::function<void(const run_event&)> f) override {
    runtime_.post([this, f = std::move(f)] {
      on_event_ = f;
      if (f && !listens_)
        listen();
    });
  }

  void on_death(std::function<void()> f) override {
    runtime_.post([this, f = std::move(f)] {
      on_death_ = f;
      if (f && !listens_)
        listen();
    });
  }

  caf::expected<std::uint64_t> stop(bool) override {
    if (closed_)
      return make_error(ec::stopping, "the client has ended");
    close();
    return std::uint64_t{0};
  }

private:
  using body_reader = std::function<void(caf::expected<std::string>)>;

  template <class T>
  static body_reader reading(answer_to<T> f) {
    return
      [f = std::move(f)](caf::expected<std::string> body) { f(read<T>(body)); };
  }

  void post(const std::string& target, std::string body, body_reader f) {
    http::outgoing request;
    request.method = "POST";
    request.headers.set("Content-Type", "application/json");
    request.body = std::make_shared<const std::string>(std::move(body));
    send(std::move(request), target, std::move(f));
  }

  void send(http::outgoing request, const std::string& target, body_reader f) {
    send(http_, std::move(request), target, std::move(f));
  }

  void send(http::client& over, http::outgoing request,
            const std::string& target, body_reader f) {
    if (closed_)
      return f(make_error(ec::stopping, "the client has ended"));
    request.url = http::parse_url(url_ + target).value();
    if (!token_.empty())
      request.headers.set("Authorization", "Bearer " + token_.reveal());
    over.send(std::move(request),
              [this, f = std::move(f)](http::client::result x) {
                f(body_of(std::move(x), url_));
              });
  }

  /// The stream of events; it ends with the service, or on the way.
  void listen() {
    listens_ = true;
    http::outgoing request;
    request.sink = std::make_shared<event_lines>([this](const run_event& x) {
      if (on_event_)
        on_event_(x);
    });
    send(waits_, std::move(request), "/api/v1/events",
         [this](const caf::expected<std::string>&) { look_again(); });
  }

  /// Whether it was the service that ended.
  void look_again() {
    if (closed_)
      return;
    send({}, "/api/v1/accounts", [this](caf::expected<std::string> x) {
      if (closed_)
        return;
      if (x)
        return pause_.start(listen_pause, [this] { listen(); });
      listens_ = false;
      if (on_death_)
        std::exchange(on_death_, nullptr)();
    });
  }

  void close() {
    closed_ = true;
    http_.stop();
    waits_.stop();
    runtime_.stop();
  }

  std::string url_;
  secret token_;
  std::atomic<bool> closed_ = false;
  // Only touched on the thread of sockets.
  std::function<void(const run_event&)> on_event_;
  std::function<void()> on_death_;
  bool listens_ = false;
  io_runtime runtime_;
  http::client http_;
  /// What is answered late has connections of its own, so that nothing else
  /// waits in line behind it.
  http::client waits_;
  io_timer pause_;
};

} // namespace

caf::expected<std::unique_ptr<client::backend>>
http_backend(const service_address& where) {
  auto result = std::make_unique<service>(where);
  if (auto err = result->check())
    return err;
  return std::unique_ptr<client::backend>{std::move(result)};
}

} // namespace orc
