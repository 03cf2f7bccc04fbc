#include "emulator/platform/platform_state.hpp"

#include "emulator/platform/run_record.hpp"

namespace orc::emulator {

namespace {

void restore_actor(platform& p, const json_value& record) {
  auto& x = p.actors.add(string_member(record, "username"),
                         string_member(record, "userId"),
                         string_member(record, "name"));
  change_actor(x, record);
}

void restore_webhook(platform& p, const json_value& record) {
  const auto* owner = p.accounts.find(string_member(record, "userId"));
  if (owner != nullptr)
    p.webhooks.restore(*owner, record);
}

void restore_run(platform& p, const json_value& record) {
  auto x = read_record(record, p.accounts, p.actors);
  if (!x)
    return;
  x->log = p.saved.load_log(x->id);
  p.engine.restore(std::move(x));
}

} // namespace

void restore(platform& p) {
  p.saved.load("actors", [&p](const json_value& x) { restore_actor(p, x); });
  p.saved.load("tasks", [&p](const json_value& x) { p.tasks.restore(x); });
  p.saved.load("webhooks",
               [&p](const json_value& x) { restore_webhook(p, x); });
  p.saved.load("runs", [&p](const json_value& x) { restore_run(p, x); });
}

} // namespace orc::emulator
