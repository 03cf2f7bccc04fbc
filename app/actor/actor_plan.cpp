#include "app/actor/actor_plan.hpp"

#include "messages/json/json.hpp"
#include "messages/json/merge.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

caf::error in_input(const caf::error& x) {
  return make_error(code_of(x), "INPUT: " + message_of(x));
}

/// The platform's own SDKs decrypt such fields, with a key that only they use.
bool is_platform_secret(const secret& x) {
  return x.reveal().starts_with("ENCRYPTED_VALUE:");
}

caf::error check(const actor_input& x) {
  if (auto fixed = merge_objects(x.fixed_input.view(), ""); !fixed)
    return make_error(ec::bad_field,
                      "fixedInput: " + message_of(fixed.error()));
  if (is_platform_secret(x.encryption_key) || is_platform_secret(x.import_key))
    return make_error(ec::bad_field,
                      "encryptionKey: is encrypted by the platform: give it as "
                      "the secret environment variable "
                      "ORCHESTRATOR_ENCRYPTION_KEY of the Actor instead");
  if (x.max_runs == 0)
    return make_error(ec::bad_field, "maxConcurrentRuns: must be at least 1");
  return {};
}

} // namespace

caf::expected<actor_plan> read_actor_input(std::string_view text) {
  auto input = from_json<actor_input>(text);
  if (!input)
    return in_input(input.error());
  if (auto err = check(*input))
    return in_input(err);
  auto work
    = read_plan(fmt::format(R"({{"runs":{}}})", input->runs.view()), "INPUT");
  if (!work)
    return std::move(work.error());
  return actor_plan{std::move(*work), std::move(*input)};
}

void apply(const actor_input& x, config& options) {
  options.abort_on_exit = x.abort_on_exit.value_or(options.abort_on_exit);
  if (x.max_memory)
    options.max_memory = x.max_memory;
  if (x.max_runs)
    options.max_runs = x.max_runs;
  if (!x.persistence_prefix.empty())
    options.kvs.prefix = x.persistence_prefix;
  if (!x.encryption_key.empty())
    options.kvs.encryption_key = x.encryption_key;
  options.watch_children = x.watch_children.value_or(options.watch_children);
  options.log.hide_sensitive
    = x.hide_sensitive.value_or(options.log.hide_sensitive);
}

} // namespace orc::app
