#include "persistence/sources/postgres_pages.hpp"

#include "persistence/sources/postgres_session.hpp"
#include "persistence/sources/postgres_values.hpp"
#include "persistence/sources/row_key.hpp"
#include "persistence/sources/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace orc {

namespace {

constexpr auto first_query = "first_page";
constexpr auto next_query = "next_page";

caf::error wrong(std::string_view member, std::string_view what) {
  return make_error(ec::bad_config, fmt::format("source.{}: {}", member, what));
}

std::string_view text_at(const PGresult* rows, int row, int column) {
  return {pq().getvalue(rows, row, column),
          static_cast<std::size_t>(pq().getlength(rows, row, column))};
}

/// @returns the text of a key in a cursor: a number as it is, all its digits
///          kept.
caf::expected<std::string> text_of(std::string_view cursor) {
  auto key = read_key(cursor);
  if (!key)
    return std::move(key.error());
  if (auto* text = std::get_if<std::string>(&*key))
    return std::move(*text);
  return std::string{cursor};
}

class postgres_pages : public page_reader {
public:
  explicit postgres_pages(walk_source source) : source_{std::move(source)} {
    // nop
  }

  caf::error prepare() {
    if (auto err = postgres_session::check_url(source_.url))
      return err;
    if (!source_.table.empty()) {
      auto queries = make_table_queries(source_);
      first_ = number_parameters(queries.first);
      next_ = number_parameters(queries.next);
      return {};
    }
    next_ = number_parameters(source_.query);
    if (!next_.has_cursor || !next_.has_size)
      return wrong("query", fmt::format("must have `:{}`, not in quotes or a "
                                        "comment, as in `WHERE id > :cursor "
                                        "ORDER BY id LIMIT :size`",
                                        next_.has_cursor ? "size" : "cursor"));
    return {};
  }

  caf::expected<walk_page> read(const read_walk_page& wanted) override {
    if (auto err = connect())
      return err;
    // One more, to know whether there is another page.
    auto limit = std::min<std::uint64_t>(wanted.size,
                                         std::numeric_limits<int>::max() - 1);
    std::vector<std::string> values{std::to_string(limit + 1)};
    auto is_first = wanted.cursor.empty() && !first_.text.empty();
    if (!is_first)
      if (auto err = find_start(wanted.cursor, values.emplace_back()))
        return err;
    postgres_result rows;
    if (auto err
        = session_.run(is_first ? first_query : next_query, values, rows))
      return err;
    if (auto err = find_columns(rows.get()))
      return err;
    return make_page(rows.get(), wanted);
  }

private:
  /// Prepared queries live as long as the connection.
  caf::error connect() {
    if (session_.is_open())
      return {};
    if (auto err = session_.open(source_.url))
      return err;
    types_.clear();
    auto err = prepare_queries();
    // Half of what is prepared cannot be prepared again.
    if (err)
      session_.close();
    return err;
  }

  caf::error prepare_queries() {
    if (auto err = session_.prepare(next_query, next_.text))
      return err;
    if (!first_.text.empty())
      if (auto err = session_.prepare(first_query, first_.text))
        return err;
    return session_.describe(next_query, types_);
  }

  caf::error find_start(const std::string& cursor, std::string& to) const {
    auto start = cursor.empty() ? std::string{source_.first.view()} : cursor;
    if (!start.empty()) {
      auto text = text_of(start);
      if (!text)
        return std::move(text.error());
      to = std::move(*text);
      return {};
    }
    auto lowest = lowest_value(types_.at(1));
    if (!lowest)
      return wrong("first",
                   "is missing: say what `:cursor` is before the first "
                   "row, for its type has no lowest value that is "
                   "known here");
    to = std::move(*lowest);
    return {};
  }

  caf::error find_columns(PGresult* rows) {
    auto count = pq().nfields(rows);
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i)
      names.emplace_back(pq().fname(rows, i));
    if (!source_.table.empty()) {
      key_ = count - 1;
      names.pop_back();
    } else {
      auto found = source_.key.empty()
                     ? names.begin()
                     : std::find(names.begin(), names.end(), source_.key);
      if (found == names.end())
        return wrong("key",
                     fmt::format("the query has no column `{}`", source_.key));
      key_ = static_cast<int>(found - names.begin());
    }
    width_ = static_cast<int>(names.size());
    auto made = row_text::make(names);
    if (!made)
      return wrong("query", message_of(made.error()));
    row_ = std::move(*made);
    return {};
  }

  caf::expected<walk_page>
  make_page(PGresult* rows, const read_walk_page& wanted) {
    page_builder page;
    key_order order{wanted.cursor};
    std::string last;
    for (int i = 0; i < pq().ntuples(rows); ++i) {
      auto key = key_of(rows, i);
      if (!key)
        return std::move(key.error());
      if (auto err = order.take(pq().fname(rows, key_), *key))
        return err;
      if (page.count() == wanted.size) {
        if (*key == last)
          return key_is_not_unique(pq().fname(rows, key_), last);
        if (may_be_one_key(last, *key))
          if (auto err = check_next(last, *key))
            return err;
        return page.finish(std::move(last));
      }
      last = std::move(*key);
      if (auto err = page.add(item(rows, i)))
        return err;
    }
    return page.finish(std::nullopt);
  }

  /// The next page begins behind what is equal to the last key in the eyes of
  /// the database.
  caf::error check_next(const std::string& last, const std::string& key) {
    std::vector<std::string> values{"1"};
    if (auto err = find_start(last, values.emplace_back()))
      return err;
    postgres_result rows;
    if (auto err = session_.run(next_query, values, rows))
      return err;
    if (pq().ntuples(rows.get()) == 1)
      if (auto found = key_of(rows.get(), 0); found && *found == key)
        return {};
    return key_is_not_unique(pq().fname(rows.get(), key_), last);
  }

  caf::expected<std::string> key_of(PGresult* rows, int i) const {
    if (pq().getisnull(rows, i, key_) != 0)
      return key_is_null(pq().fname(rows, key_));
    auto key = key_cursor(pq().ftype(rows, key_), text_at(rows, i, key_));
    if (!key)
      return wrong("key", fmt::format("`{}` has no type that can be a key: "
                                      "choose a column of numbers or text",
                                      pq().fname(rows, key_)));
    return std::move(*key);
  }

  std::string_view item(PGresult* rows, int i) {
    row_.begin();
    for (int column = 0; column < width_; ++column)
      if (pq().getisnull(rows, i, column) != 0)
        row_.add_json("null");
      else
        add_value(row_, pq().ftype(rows, column), text_at(rows, i, column));
    return row_.finish();
  }

  walk_source source_;
  /// Of a table: without a cursor.
  numbered_sql first_;
  numbered_sql next_;
  postgres_session session_;
  /// Of the parameters of `next_`.
  std::vector<Oid> types_;
  int key_ = 0;
  int width_ = 0;
  row_text row_;
};

} // namespace

caf::error check_postgres_url(const secret& url) {
  return postgres_session::check_url(url);
}

caf::expected<std::unique_ptr<page_reader>>
open_postgres_pages(const walk_source& source) {
  auto result = std::make_unique<postgres_pages>(source);
  if (auto err = result->prepare())
    return err;
  return std::unique_ptr<page_reader>{std::move(result)};
}

} // namespace orc
