#include "app/run/rehearsal.hpp"

#include "emulator/emulator.hpp"
#include "persistence/sqlite/directory_lock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>

namespace orc::app {

struct rehearsal::impl {
  /// Two emulators must not keep their state in the same place.
  std::optional<sqlite::directory_lock> lock;
  std::optional<emulator::emulator> platform;

  caf::error keep_in(const std::filesystem::path& folder) {
    auto acquired = sqlite::directory_lock::acquire(folder);
    if (!acquired)
      return acquired.error();
    lock.emplace(std::move(*acquired));
    return {};
  }

  caf::error start(emulator::options options) {
    platform.emplace(std::move(options));
    auto failed = platform->start();
    const auto& problem = platform->problem();
    if (failed)
      return make_error(ec::bad_config,
                        fmt::format("the emulator cannot start: {}",
                                    problem.empty() ? failed.message()
                                                    : problem));
    fmt::print(stderr, "{}", problem);
    return {};
  }
};

namespace {

/// Whatever account a run names, it is the emulator's.
void use_platform(const emulator::emulator& platform, config& options) {
  options.base_url = platform.base_url();
  options.token = secret{platform.token()};
  for (auto& account : options.accounts) {
    account.base_url = options.base_url;
    account.token = options.token;
  }
}

} // namespace

rehearsal::rehearsal() : impl_{std::make_unique<impl>()} {
  // nop
}

rehearsal::~rehearsal() = default;

caf::error
rehearsal::start(const std::string& actors, bool keep, config& options) {
  if (!actors.empty() && !std::filesystem::is_directory(actors))
    return make_error(ec::bad_config,
                      fmt::format("--actors: {} is no folder", actors));
  emulator::options emulated;
  emulated.actors = actors;
  emulated.any_actor = true;
  if (keep) {
    emulated.data = std::filesystem::path{options.data} / "emulator";
    if (auto err = impl_->keep_in(emulated.data))
      return err;
  } else {
    // Both sides remember runs, or neither does.
    options.store = store_kind::memory;
  }
  if (auto err = impl_->start(std::move(emulated)))
    return err;
  use_platform(*impl_->platform, options);
  return {};
}

} // namespace orc::app
