#pragma once

#include "app/config/config.hpp"
#include "app/service/service.hpp"
#include "messages/walk/walks.hpp"

#include <memory>

namespace orc::app {

/// The batches of a service that walk data sets, wired together: their store,
/// their sources, their processors. Apart from it, since who has no such
/// batches shall not pay for them.
class walk_host {
public:
  /// @param host must outlive it.
  /// @param take_up goes on with all that are not over; otherwise with those
  ///                that are started again.
  /// @returns `ec::bad_config` if the store has no place for them, or why
  ///          `batches.db` cannot be opened.
  [[nodiscard]] static caf::expected<std::unique_ptr<walk_host>>
  open(service& host, const config& options, bool take_up);

  /// Lets pages that are being done end, if that does not take long.
  ~walk_host();

  walk_host(const walk_host&) = delete;
  walk_host& operator=(const walk_host&) = delete;

  const walks_actor& walks() const noexcept;

private:
  struct impl;
  explicit walk_host(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
