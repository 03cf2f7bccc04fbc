#pragma once

#include "persistence/sealing/sealer.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace orc::sqlite {

/// Seals what a database keeps secret, with the key of its data directory.
///
/// The first value that is sealed makes the key, if there is none, and leaves a
/// canary in the table `meta`: a known value, sealed. Whoever opens the store
/// later with another key is told so at once. A store without a canary needs no
/// key.
class seal_box {
public:
  seal_box(database& db, key_source source);

  /// @returns `ec::wrong_key` if the store was sealed with another key. Changes
  ///          nothing.
  caf::error verify_key();

  /// @returns `ec::wrong_key` or `ec::store_failed`.
  caf::expected<std::string>
  seal(std::string_view value, std::string_view place);

  caf::expected<std::string>
  open(std::string_view sealed, std::string_view place);

private:
  caf::error ensure_sealer();
  std::optional<std::string> fact(std::string_view name);

  key_source source_;
  std::string salt_;
  std::optional<sealer> sealer_;
  statement fact_;
  statement put_fact_;
};

} // namespace orc::sqlite
