#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"

#include <caf/error.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// Where the items of a batch come from.
enum class source_kind : std::uint8_t {
  /// A file of JSON documents, one a line.
  ndjson,
  /// A file of rows; the first one names the columns.
  csv,
  /// A file that is, or has in it, one JSON array.
  json,
  /// A table or query of an SQLite database.
  sqlite,
  /// A table or query of a PostgreSQL database.
  postgres,
  /// An HTTP API that answers pages.
  http,
  /// A dataset of the Apify platform, also while its run still works.
  dataset,
  /// The page processor fetches its pages itself and reports the next cursor.
  processor,
};

template <>
struct enum_names<source_kind> {
  static constexpr std::array<std::string_view, 8> values{
    "ndjson",   "csv",  "json",    "sqlite",
    "postgres", "http", "dataset", "processor"};
};

/// What a batch reads: `source` of its specification. Which members there may
/// be depends on the kind; `check` knows. Some are secret, so who keeps a
/// source keeps the text it was read from, sealed.
struct walk_source {
  source_kind kind = source_kind::ndjson;

  /// Of ndjson, csv, json, sqlite. Relative to the working directory.
  std::string path;
  /// Of csv: one byte.
  std::optional<std::string> delimiter;
  /// Of json: a JSON pointer (RFC 6901) to the array; "" if it is the document.
  std::optional<std::string> pointer;

  /// Of sqlite and postgres: a query with `:cursor` and `:size`, ordered by its
  /// key; or else a table.
  std::string query;
  std::string table;
  /// The column that a cursor is a value of: unique, never null. For a query,
  /// its first column if not given.
  std::string key;
  /// Of a table: which columns, all if empty; the key need not be among them.
  std::vector<std::string> columns;
  /// Of a table: an SQL condition.
  std::string where;
  /// Of a query: the value before the first key, if the lowest of its type will
  /// not do: a number or a string.
  json_text first;

  /// Of postgres (`postgresql://user:password@host/database`) and http.
  secret url;
  /// Of postgres and http: the name of the environment variable that has it.
  std::string url_env;

  /// Of http: fields of the request.
  std::map<std::string, secret> headers;
  /// Of http: fields whose values are in environment variables of these names.
  std::map<std::string, std::string> headers_env;
  /// Of http: where in an answer its items are: names separated by dots, or a
  /// JSON pointer; "" if the answer is their array. `items` if not given.
  std::optional<std::string> items_path;
  /// Of http: where in an answer the next cursor is, or the URL of the next
  /// page. `next` if not given.
  std::optional<std::string> next_path;
  /// Of http: query parameters; "" if there is none of that kind. `cursor` and
  /// `limit` if not given.
  std::optional<std::string> cursor_param;
  std::optional<std::string> size_param;

  /// Of dataset: either a dataset or a run of ours, of that namespace.
  std::string dataset_id;
  std::string run;
  std::optional<std::string> space;
  /// Of dataset, as the platform has them. Names: an array of strings, or one
  /// string with commas.
  std::optional<bool> clean;
  json_text fields_wanted;
  json_text omit;

  static constexpr auto fields = describe(
    "walk_source", "Where the items of a batch come from.",
    field("kind", &walk_source::kind,
          "ndjson, csv, json, sqlite, postgres, http, dataset or processor."),
    field("path", &walk_source::path, presence::optional,
          "Of a file or an SQLite database."),
    field("delimiter", &walk_source::delimiter, presence::optional,
          "Of csv, between cells: one byte, a comma if not given."),
    field("pointer", &walk_source::pointer, presence::optional,
          "Of json: a JSON pointer to the array, such as /data/items."),
    field("query", &walk_source::query, presence::optional,
          "SQL with :cursor and :size, ordered by its key."),
    field("table", &walk_source::table, presence::optional,
          "Instead of a query."),
    field("key", &walk_source::key, presence::optional,
          "The column of the cursor: unique and never null. Of a query, its "
          "first column if not given."),
    field("columns", &walk_source::columns, presence::optional,
          "Of a table: all if not given."),
    field("where", &walk_source::where, presence::optional,
          "Of a table: an SQL condition."),
    field("first", &walk_source::first, presence::optional,
          "Of a query: what :cursor is for the first page, if the lowest value "
          "of its type will not do."),
    field("url", &walk_source::url, presence::optional,
          "Of a PostgreSQL database or an HTTP API."),
    field("urlEnv", &walk_source::url_env, presence::optional,
          "The environment variable that has the URL."),
    field("headers", &walk_source::headers, presence::optional,
          "Of HTTP requests."),
    field("headersEnv", &walk_source::headers_env, presence::optional,
          "Same, with names of environment variables for values."),
    field("itemsPath", &walk_source::items_path, presence::optional,
          "Where in an answer its items are; items if not given."),
    field("nextPath", &walk_source::next_path, presence::optional,
          "Where in an answer the next cursor or URL is; next if not given."),
    field("cursorParam", &walk_source::cursor_param, presence::optional,
          "Query parameter; cursor if not given."),
    field("sizeParam", &walk_source::size_param, presence::optional,
          "Query parameter; limit if not given."),
    field("datasetId", &walk_source::dataset_id, presence::optional,
          "Of the Apify platform."),
    field("run", &walk_source::run, presence::optional,
          "Or that of a run of ours."),
    field("namespace", &walk_source::space, presence::optional,
          "Of the run; default if not given."),
    field("clean", &walk_source::clean, presence::optional,
          "Without hidden fields and empty items."),
    field("fields", &walk_source::fields_wanted, presence::optional,
          "Only these fields."),
    field("omit", &walk_source::omit, presence::optional,
          "Without these fields."));
};

/// @param where the member of the specification that it is, for errors.
/// @returns `ec::bad_field` that names the member which is missing, is none of
///          its kind or makes no sense: `source.delimiter: must be …`.
[[nodiscard]] caf::error
check(const walk_source& x, std::string_view where = "source");

} // namespace orc
