#include "app/run/rehearsal.hpp"

#include "emulator/emulator.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace orc::app {

rehearsal::rehearsal() = default;

rehearsal::~rehearsal() = default;

caf::error
rehearsal::start(const std::string& actors, bool keep, config& options) {
  if (!actors.empty() && !std::filesystem::is_directory(actors))
    return make_error(ec::bad_config,
                      fmt::format("--actors: {} is no folder", actors));
  emulator::options emulated;
  emulated.actors = actors;
  emulated.any_actor = true;
  if (keep)
    emulated.data = std::filesystem::path{options.data} / "emulator";
  // Runs outlive a rehearsal only if both sides remember them.
  if (!keep)
    options.store = store_kind::memory;
  emulator_ = std::make_unique<emulator::emulator>(std::move(emulated));
  if (auto failed = emulator_->start())
    return make_error(ec::bad_config,
                      fmt::format("the emulator cannot start: {}",
                                  emulator_->problem().empty()
                                    ? failed.message()
                                    : emulator_->problem()));
  options.base_url = emulator_->base_url();
  options.token = secret{emulator_->token()};
  options.token_env.clear();
  options.token_file.clear();
  for (auto& account : options.accounts) {
    account.base_url = options.base_url;
    account.token = options.token;
  }
  return {};
}

} // namespace orc::app
