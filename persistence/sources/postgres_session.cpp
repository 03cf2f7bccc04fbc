#include "persistence/sources/postgres_session.hpp"

#include "messages/walk/page_source.hpp"

#include <fmt/format.h>

#include <array>

namespace orc {

namespace {

/// What does not depend on how server and user are set up: the text of values,
/// and that a page takes its time but no more.
constexpr auto set_up = "SET default_transaction_read_only = on;"
                        "SET statement_timeout = '100s';"
                        "SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601';"
                        "SET bytea_output = 'hex'; SET extra_float_digits = 1";

std::string trimmed(const char* text) {
  std::string result{text ? text : ""};
  result.erase(result.find_last_not_of(" \n") + 1);
  for (auto& c : result)
    c = c == '\n' ? ' ' : c;
  return result;
}

/// @param state SQLSTATE.
/// @returns whether the same query may work later: connection, resources,
///          an operator's or lock's doing.
bool may_pass(std::string_view state) {
  for (auto kind : {"08", "40", "53", "55P03", "57", "58"})
    if (state.starts_with(kind))
      return true;
  return false;
}

/// The server answered, and will answer so again. It tells no more than words.
bool is_final(std::string_view words) {
  for (auto x : {"authentication failed", "does not exist", "pg_hba.conf",
                 "no password supplied", "permission denied",
                 "is not permitted to log in"})
    if (words.find(x) != std::string_view::npos)
      return true;
  return false;
}

} // namespace

caf::error postgres_session::check_url(const secret& url) {
  if (auto err = load_postgres())
    return err;
  // What libpq says of it may have the password in it.
  auto* options = pq().conninfoParse(url.reveal().c_str(), nullptr);
  if (!options)
    return make_error(ec::bad_field,
                      "source.url: must be a PostgreSQL URL, such as "
                      "postgresql://user:password@host:5432/database; special "
                      "characters in it are escaped: %40 is @");
  pq().conninfoFree(options);
  return {};
}

caf::error postgres_session::open(const secret& url) {
  // What the URL says goes before what stands ahead of it.
  std::array names{"connect_timeout",
                   "keepalives_idle",
                   "tcp_user_timeout",
                   "fallback_application_name",
                   "dbname",
                   "client_encoding",
                   static_cast<const char*>(nullptr)};
  std::array values{"10",
                    "30",
                    "60000",
                    "apify-orchestrator",
                    url.reveal().c_str(),
                    "UTF8",
                    static_cast<const char*>(nullptr)};
  connection_.reset(pq().connectdbParams(names.data(), values.data(), 1));
  if (!is_open()) {
    auto err = connection_failure();
    close();
    return err;
  }
  pq().setNoticeProcessor(
    connection_.get(), [](void*, const char*) {}, nullptr);
  auto err = execute(set_up);
  if (err)
    close();
  return err;
}

caf::error postgres_session::connection_failure() const {
  auto words = trimmed(pq().errorMessage(connection_.get()));
  auto ends
    = is_final(words) || pq().connectionNeedsPassword(connection_.get());
  return make_page_error(ends ? ec::bad_config : ec::not_sent,
                         "source.url: " + without_password(std::move(words)));
}

caf::error postgres_session::execute(const char* sql) {
  return check(postgres_result{pq().exec(connection_.get(), sql)});
}

caf::error postgres_session::prepare(const char* name, const std::string& sql) {
  return check(postgres_result{
    pq().prepare(connection_.get(), name, sql.c_str(), 0, nullptr)});
}

caf::error
postgres_session::describe(const char* name, std::vector<Oid>& types) {
  auto about = postgres_result{pq().describePrepared(connection_.get(), name)};
  if (auto err = check(about))
    return err;
  for (int i = 0; i < pq().nparams(about.get()); ++i)
    types.push_back(pq().paramtype(about.get(), i));
  return {};
}

caf::error
postgres_session::run(const char* name, const std::vector<std::string>& values,
                      postgres_result& to) {
  std::vector<const char*> given;
  for (const auto& x : values)
    given.push_back(x.c_str());
  to.reset(pq().execPrepared(connection_.get(), name,
                             static_cast<int>(given.size()), given.data(),
                             nullptr, nullptr, 0));
  return check(to);
}

caf::error postgres_session::check(const postgres_result& x) {
  auto status = pq().resultStatus(x.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
    return {};
  auto is_lost = !is_open();
  const auto* state = pq().resultErrorField(x.get(), PG_DIAG_SQLSTATE);
  auto passes = is_lost || !state || may_pass(state);
  const auto* primary = pq().resultErrorField(x.get(), PG_DIAG_MESSAGE_PRIMARY);
  auto words
    = trimmed(primary ? primary : pq().errorMessage(connection_.get()));
  if (state && std::string_view{state} == "57014")
    words += " (a page takes longer than 100 s: is there an index on the key?)";
  auto result
    = make_page_error(passes ? ec::answer_lost : ec::bad_config,
                      "source.query: " + without_password(std::move(words)));
  if (is_lost)
    close();
  return result;
}

std::string postgres_session::without_password(std::string text) const {
  std::string_view password = connection_ ? pq().pass(connection_.get()) : "";
  if (password.empty())
    return text;
  for (auto at = text.find(password); at != std::string::npos;
       at = text.find(password, at + 3))
    text.replace(at, password.size(), "***");
  return text;
}

} // namespace orc
