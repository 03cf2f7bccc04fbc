#include "emulator/emulator.hpp"

#include "emulator/alarm.hpp"
#include "emulator/api/ids.hpp"
#include "emulator/platform/http_webhook_sender.hpp"
#include "emulator/platform/platform_state.hpp"
#include "emulator/platform/program_execution.hpp"
#include "emulator/platform/rate_limiter.hpp"
#include "emulator/platform/run_json.hpp"
#include "emulator/routes/routes.hpp"
#include "emulator/storage/storage.hpp"
#include "transport/asio/runtime.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace orc::emulator {

namespace {

/// `MAX_PAYLOAD_SIZE_BYTES` of the platform.
constexpr auto max_payload = std::size_t{9'437'184};
/// What the emulator takes in to count it.
constexpr auto max_body = std::size_t{64} << 20;

platform_options to_platform_options(const options& opts) {
  auto result = platform_options{};
  result.engine
    = {opts.start_delay, opts.release_lag, opts.usd_per_compute_unit};
  result.script_defaults.duration = opts.duration;
  result.script_defaults.items = opts.items;
  result.any_actor = opts.any_actor;
  result.limits_forbidden = opts.limits_forbidden;
  result.user_agent = opts.user_agent;
  result.user_agent_in_lists = opts.user_agent_in_lists;
  result.seed = opts.seed;
  return result;
}

std::string render_error(int status, std::string_view message) {
  const auto* type = status == 413   ? "request-too-large"
                     : status == 415 ? "unsupported-content-encoding"
                                     : "invalid-request";
  return json_writer{}
    .object()
    .key("error")
    .object()
    .member("type", type)
    .member("message", message)
    .end_object()
    .end_object()
    .take();
}

storage_options to_storage_options(const options& opts) {
  return {opts.data.empty() ? opts.data : opts.data / "storages",
          opts.item_count_lag};
}

} // namespace

struct emulator::impl {
  /// @throws api_error if the folder of the data cannot be used
  explicit impl(const options& o)
    : opts(o), sender(runtime), storages(to_storage_options(opts)),
      world(
        to_platform_options(opts), disk{opts.data}, storages,
        [this](run& x, work_listener& listener) {
          return make_work(x, listener);
        },
        sender),
      clock(runtime, world.plan), routes([this](std::string_view token) {
        return world.accounts.by_token(token);
      }) {
    // nop
  }

  std::unique_ptr<execution> make_work(run& x, work_listener& listener);
  void publish(run& x, std::string_view event);
  void add_accounts();
  std::string add_actors();
  void add_routes();
  bool let_pass(const context_ptr& ctx, std::string_view route,
                const std::function<void()>& go_on);

  const options& opts;
  std::string api_url;
  io_runtime runtime;
  http_webhook_sender sender;
  storage storages;
  platform world;
  alarm clock;
  rate_limiter limiter;
  router routes;
  std::unique_ptr<http::server> server;
};

std::unique_ptr<execution>
emulator::impl::make_work(run& x, work_listener& listener) {
  if (x.actor->program)
    return std::make_unique<program_execution>(x, runtime, api_url, listener);
  const auto* input
    = storages.find_record(x.storages.key_value_store_id, x.input_key);
  auto what = read_script(input == nullptr ? std::string_view{} : input->body,
                          world.options.script_defaults);
  return std::make_unique<scripted_execution>(
    x, std::move(what), world.plan, storages, listener, world.script_failures);
}

void emulator::impl::publish(run& x, std::string_view type) {
  if (!world.webhooks.has_listener(x.owner->id, type, x.actor_id, x.task_id,
                                   x.id))
    return;
  world.engine.refresh(x);
  world.webhooks.publish(x.owner->id, {std::string{type}, x.actor_id, x.task_id,
                                       x.id, to_json(x, run_json_options{})});
}

void emulator::impl::add_accounts() {
  for (const auto& x : opts.accounts)
    world.accounts.add(x.name, x.token, x.memory_mbytes, x.max_runs);
}

/// @returns what is wrong with the folders of actors, or "".
std::string emulator::impl::add_actors() {
  auto problem = std::string{};
  const auto& owner = *world.accounts.users().front();
  world.actors.add("emulator", stable_id("user emulator"), "scripted");
  world.actors.add(owner.name, owner.id, "scripted");
  for (const auto& x : opts.scripted_actors) {
    auto name = x.name;
    const auto slash = std::min(name.find('/'), name.find('~'));
    const auto username
      = slash == std::string::npos ? owner.name : name.substr(0, slash);
    const auto* user = world.accounts.find(username);
    auto& added = world.actors.add(
      username, user == nullptr ? stable_id("user " + username) : user->id,
      slash == std::string::npos ? name : name.substr(slash + 1));
    added.default_memory_mbytes = x.default_memory_mbytes;
  }
  if (opts.actors.empty())
    return problem;
  for (const auto& path : find_actor_folders(opts.actors)) {
    auto folder = read_actor_folder(path);
    if (auto* good = std::get_if<actor_folder>(&folder))
      world.actors.add_program(owner, std::move(*good));
    else
      problem += std::get<folder_error>(folder).message + "\n";
  }
  return problem;
}

void emulator::impl::add_routes() {
  register_storage_routes(routes, storages);
  register_user_routes(routes, world);
  register_actor_routes(routes, world);
  register_task_routes(routes, world);
  register_start_routes(routes, world);
  register_run_routes(routes, world);
  register_run_list_routes(routes, world);
  register_log_routes(routes, world);
  register_webhook_routes(routes, world);
  register_control_routes(routes, world);
  if (opts.rate_limits)
    routes.set_limiter([this](std::string_view resource, std::uint32_t rate) {
      return limiter.admit(resource, rate, now());
    });
  routes.set_interceptor([this](const context_ptr& ctx, std::string_view route,
                                const std::function<void()>& go_on) {
    return let_pass(ctx, route, go_on);
  });
}

/// Lets faults happen and refuses what is too large.
bool emulator::impl::let_pass(const context_ptr& ctx, std::string_view route,
                              const std::function<void()>& go_on) {
  const auto size = ctx->request().body.size();
  if (size > max_payload) {
    ctx->reply_error(413, "request-too-large",
                     "The POST payload is too large (limit: "
                       + std::to_string(max_payload) + " bytes, actual length: "
                       + std::to_string(size) + " bytes).");
    return false;
  }
  const auto wrong = world.faults.draw(route);
  if (!wrong)
    return true;
  if (wrong->kind == fault_kind::slow)
    world.plan.at(now() + wrong->delay, go_on);
  return apply_before(*wrong, ctx);
}

emulator::emulator(options opts) : options_(std::move(opts)) {
  // nop
}

emulator::~emulator() {
  stop();
}

std::error_code emulator::fail(std::string problem, std::errc why) {
  problem_ = std::move(problem);
  return std::make_error_code(why);
}

std::error_code emulator::start() {
  try {
    impl_ = std::make_unique<impl>(options_);
    auto& x = *impl_;
    auto wrong = x.world.faults.set(options_.fault_rates);
    if (!wrong.empty())
      return fail("fault rates: " + wrong, std::errc::invalid_argument);
    x.add_accounts();
    problem_ = x.add_actors();
    x.add_routes();
    restore(x.world);
  } catch (const api_error& error) {
    return fail(error.message, std::errc::io_error);
  }
  return listen();
}

std::error_code emulator::listen() {
  auto& x = *impl_;
  x.world.engine.on_event(
    [&x](run& which, std::string_view event) { x.publish(which, event); });
  auto settings = http::server_options{};
  settings.address = options_.address;
  settings.port = options_.port;
  settings.max_body_bytes = max_body;
  settings.render_error = render_error;
  x.server = std::make_unique<http::server>(
    x.runtime, std::move(settings), [&x](http::exchange_ptr exchange) {
      x.routes.dispatch(std::move(exchange));
    });
  if (const auto error = x.server->listen()) {
    problem_ = "cannot listen on " + options_.address + ":"
               + std::to_string(options_.port) + ": " + error.message();
    return error;
  }
  x.api_url = base_url();
  x.sender.set_own_url(x.api_url);
  x.runtime.post([&x] { x.clock.start(); });
  return {};
}

const std::string& emulator::problem() const noexcept {
  return problem_;
}

std::string emulator::base_url() const {
  // Programs cannot call "any address".
  const auto& address = options_.address;
  const auto host = address == "0.0.0.0" ? "127.0.0.1"
                    : address == "::"    ? "::1"
                                         : address;
  const auto is_v6 = host.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + host + "]" : host) + ":"
         + std::to_string(port());
}

std::uint16_t emulator::port() const noexcept {
  return impl_->server->port();
}

const std::string& emulator::token() const noexcept {
  return options_.accounts.front().token;
}

void emulator::stop() {
  if (!impl_)
    return;
  if (impl_->server)
    impl_->server->stop();
  impl_->sender.stop();
  impl_->runtime.stop();
}

} // namespace orc::emulator
