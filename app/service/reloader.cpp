#include "app/service/reloader.hpp"

#include "app/config/bus.hpp"
#include "app/config/changes.hpp"
#include "app/config/load.hpp"
#include "app/service/logging.hpp"
#include "app/service/notifier.hpp"
#include "app/service/preflight.hpp"
#include "app/service/service.hpp"
#include "messages/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc::app {

namespace {

constexpr logger log{"reload"};

} // namespace

reloader::reloader(service& host, config started_with, reload_parts parts,
                   std::shared_ptr<notifier> supervisor)
  : host_{host}, started_with_{std::move(started_with)},
    current_{started_with_}, bus_{started_with_}, parts_{std::move(parts)},
    supervisor_{std::move(supervisor)} {
  // nop
}

void reloader::run() {
  supervisor_->reloading();
  auto next = parts_.read();
  auto problem = next ? take_up(*next) : std::move(next.error());
  if (problem) {
    log.error("reload-failed", "error=\"{}\"; all stays as it was",
              message_of(problem));
    supervisor_->note("the new configuration is wrong: " + message_of(problem));
  }
  supervisor_->ready(problem ? "works by the old configuration"
                             : "the configuration is read again");
}

caf::error reloader::take_up(const config& next) {
  if (auto err = check_new_tokens(next))
    return err;
  auto changed = changed_options(current_, next);
  auto outcome = host_.reload(next);
  if (!outcome)
    return std::move(outcome.error());
  change_logging(next.log);
  parts_.change_access(next);
  auto touches_chores = [](const std::string& x) {
    return x == "report_interval" || x == "retention_days";
  };
  if (std::any_of(changed.begin(), changed.end(), touches_chores))
    parts_.change_chores(next);
  // Also where none changed: one that was in its way may be gone.
  if (auto err = parts_.change_schedules(next))
    outcome->kept.push_back("schedules: " + message_of(err));
  if (auto err = change_bus(next))
    outcome->kept.push_back(message_of(err));
  current_ = next;
  tell(changed, next, outcome->kept);
  return {};
}

/// A token that the platform refuses would end runs that go well.
caf::error reloader::check_new_tokens(const config& next) const {
  auto before = accounts_of(current_);
  for (const auto& x : accounts_of(next)) {
    auto is_known = std::any_of(before.begin(), before.end(), [&](auto& y) {
      return x.name == y.name && x.token == y.token;
    });
    if (is_known)
      continue;
    auto err = check_accounts({x}, {x.name});
    if (err && code_of(err) != ec::not_sent)
      return err;
  }
  return {};
}

/// The bridge holds nothing: where its settings differ, there is a new one. The
/// store and the streams stay as they are.
caf::error reloader::change_bus(const config& next) {
  auto wanted = next;
  wanted.nats.instance = bus_.nats.instance;
  wanted.nats.keep_events_days = bus_.nats.keep_events_days;
  wanted.nats.replicas = bus_.nats.replicas;
  wanted.nats.max_backlog = bus_.nats.max_backlog;
  auto before = bus_settings_of(bus_);
  auto after = bus_settings_of(wanted);
  if (!before || !after || *before == *after)
    return {};
  if (before->has_value() != after->has_value())
    return make_error(ec::bad_config, "nats.url: to have a bus or none needs a "
                                      "restart");
  if (auto err = parts_.change_bus(wanted))
    return err;
  bus_ = std::move(wanted);
  return {};
}

void reloader::tell(const std::vector<std::string>& changed, const config& next,
                    const std::vector<std::string>& kept) {
  std::vector<std::string> taken;
  std::copy_if(changed.begin(), changed.end(), std::back_inserter(taken),
               &is_reloadable);
  log.info("reloaded", "changed={}", fmt::join(taken, ","));
  // Against the start: what waits for a restart is said again each time.
  std::string fixed;
  for (const auto& x : changed_options(started_with_, next))
    if (!is_reloadable(x)) {
      log.warn("reload-kept", "option={} needs a restart", x);
      fixed += (fixed.empty() ? "" : ", ") + x;
    }
  for (const auto& x : kept)
    log.warn("reload-kept", "{}", x);
  auto note = fixed.empty() ? std::string{} : "needs a restart for " + fixed;
  for (const auto& x : kept)
    note += (note.empty() ? "" : "; ") + x;
  supervisor_->note(std::move(note));
}

} // namespace orc::app
