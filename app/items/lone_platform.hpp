#pragma once

#include "app/config/config.hpp"
#include "messages/apify_storage.hpp"
#include "messages/reader.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>
#include <vector>

namespace orc::app {

/// The platform without a service: reads datasets of the default account.
class lone_platform {
public:
  /// @param options name the account; with none, pages fail with
  ///                `ec::unknown_account`.
  explicit lone_platform(const config& options);

  ~lone_platform();

  lone_platform(const lone_platform&) = delete;
  lone_platform& operator=(const lone_platform&) = delete;

  caf::actor_system& system() noexcept;
  const page_source_actor& source() const noexcept;

  /// Nobody if there is no account.
  const apify_api_actor& api() const noexcept;
  const apify_storage_actor& storage() const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Looks runs up in the data folder, while no service has it.
/// @returns the datasets of the runs, in their order; those of runs that never
///          started are left out. Fails with `ec::unknown_run`.
[[nodiscard]] caf::expected<std::vector<item_origin>>
find_datasets(const config& options, const std::vector<item_origin>& runs);

} // namespace orc::app
