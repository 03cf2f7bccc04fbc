#pragma once

#include "messages/base/secret.hpp"
#include "persistence/sources/postgres_library.hpp"

#include <caf/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

struct postgres_closer {
  void operator()(PGconn* x) const {
    pq().finish(x);
  }

  void operator()(PGresult* x) const {
    pq().clear(x);
  }
};

using postgres_result = std::unique_ptr<PGresult, postgres_closer>;

/// A connection to a PostgreSQL database that only reads. Its errors never tell
/// the password, and say whether to try again.
class postgres_session {
public:
  /// @returns `ec::bad_field` if the URL makes no sense, `ec::bad_config` if
  ///          there is no libpq.
  static caf::error check_url(const secret& url);

  /// @pre `check_url(url)`
  caf::error open(const secret& url);

  void close() {
    connection_.reset();
  }

  bool is_open() const noexcept {
    return connection_ && pq().status(connection_.get()) == CONNECTION_OK;
  }

  caf::error prepare(const char* name, const std::string& sql);

  /// @returns the types of the parameters of a prepared query.
  caf::error describe(const char* name, std::vector<Oid>& types);

  /// Runs a prepared query. All values are text.
  caf::error run(const char* name, const std::vector<std::string>& values,
                 postgres_result& to);

private:
  caf::error execute(const char* sql);
  caf::error connection_failure() const;
  /// @returns nothing if `x` is what was wanted; may close the connection.
  caf::error check(const postgres_result& x);
  std::string without_password(std::string text) const;

  std::unique_ptr<PGconn, postgres_closer> connection_;
};

} // namespace orc
