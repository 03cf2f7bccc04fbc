#include "messages/walk/source.hpp"

#include "messages/base/error.hpp"
#include "messages/json/walk_source_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

namespace {

using names = std::vector<std::string_view>;

/// @returns the members that are there, besides `kind`.
names given(const walk_source& x) {
  names result;
  auto note = [&](bool is_there, std::string_view name) {
    if (is_there)
      result.push_back(name);
  };
  note(!x.path.empty(), "path");
  note(x.delimiter.has_value(), "delimiter");
  note(x.pointer.has_value(), "pointer");
  note(!x.query.empty(), "query");
  note(!x.table.empty(), "table");
  note(!x.key.empty(), "key");
  note(!x.columns.empty(), "columns");
  note(!x.where.empty(), "where");
  note(!x.first.empty(), "first");
  note(!x.url.empty(), "url");
  note(!x.url_env.empty(), "urlEnv");
  note(!x.headers.empty(), "headers");
  note(!x.headers_env.empty(), "headersEnv");
  note(x.items_path.has_value(), "itemsPath");
  note(x.next_path.has_value(), "nextPath");
  note(x.cursor_param.has_value(), "cursorParam");
  note(x.size_param.has_value(), "sizeParam");
  note(!x.dataset_id.empty(), "datasetId");
  note(!x.run.empty(), "run");
  note(x.space.has_value(), "namespace");
  note(x.clean.has_value(), "clean");
  note(!x.fields_wanted.empty(), "fields");
  note(!x.omit.empty(), "omit");
  return result;
}

names members_of(source_kind kind) {
  switch (kind) {
    case source_kind::ndjson:
      return {"path"};
    case source_kind::csv:
      return {"path", "delimiter"};
    case source_kind::json:
      return {"path", "pointer"};
    case source_kind::sqlite:
      return {"path", "query", "table", "key", "columns", "where", "first"};
    case source_kind::postgres:
      return {"url", "urlEnv",  "query", "table",
              "key", "columns", "where", "first"};
    case source_kind::http:
      return {"url",       "urlEnv",   "headers",     "headersEnv",
              "itemsPath", "nextPath", "cursorParam", "sizeParam"};
    case source_kind::dataset:
      return {"datasetId", "run", "namespace", "clean", "fields", "omit"};
    case source_kind::processor:
      break;
  }
  return {};
}

bool contains(const names& xs, std::string_view x) {
  return std::find(xs.begin(), xs.end(), x) != xs.end();
}

/// Says what is wrong with members of a source.
class judge {
public:
  judge(const walk_source& x, std::string_view where)
    : x_{x}, where_{where}, given_{given(x)} {
    // nop
  }

  caf::error members() const {
    auto kind = name_of(x_.kind);
    auto known = members_of(x_.kind);
    for (auto name : given_)
      if (!contains(known, name))
        return wrong(name, known.empty()
                             ? fmt::format("a source of kind {} has no more "
                                           "members than that",
                                           kind)
                             : fmt::format("is none of kind {}, which has {}",
                                           kind, fmt::join(known, ", ")));
    return {};
  }

  /// Exactly one of two members has to be there.
  /// @param what they are, for whoever gave neither.
  caf::error either(std::string_view one, std::string_view other,
                    std::string_view what) const {
    auto has_one = contains(given_, one);
    if (has_one != contains(given_, other))
      return {};
    return has_one ? wrong(other, fmt::format("give it or `{}`, not both", one))
                   : wrong(one, fmt::format("is missing: {}", what));
  }

  caf::error must_have(std::string_view name, std::string_view what) const {
    return contains(given_, name)
             ? caf::error{}
             : wrong(name, fmt::format("is missing: {}", what));
  }

  caf::error must_not_have(std::string_view name, std::string_view why) const {
    return contains(given_, name) ? wrong(name, why) : caf::error{};
  }

  caf::error wrong(std::string_view name, std::string_view what) const {
    return make_error(ec::bad_field,
                      fmt::format("{}{}{}: {}", where_,
                                  where_.empty() ? "" : ".", name, what));
  }

private:
  const walk_source& x_;
  std::string_view where_;
  names given_;
};

caf::error first_of(std::initializer_list<caf::error> xs) {
  auto i = std::find_if(xs.begin(), xs.end(),
                        [](const auto& x) { return static_cast<bool>(x); });
  return i == xs.end() ? caf::error{} : *i;
}

caf::error check_csv(const walk_source& x, const judge& is) {
  const auto& d = x.delimiter;
  if (d && (d->size() != 1 || *d == "\"" || *d == "\n" || *d == "\r"))
    return is.wrong("delimiter", "must be one byte, neither a quote nor a line "
                                 "end; a tab is \"\\t\"");
  return is.must_have("path", "the file; its first row names the columns");
}

caf::error check_json(const walk_source& x, const judge& is) {
  if (x.pointer && !x.pointer->empty() && !x.pointer->starts_with('/'))
    return is.wrong("pointer", "must be \"\" or begin with a slash, such as "
                               "/data/items");
  return is.must_have("path", "the file; if the array is inside of it, "
                              "`pointer` says where");
}

caf::error check_first(const walk_source& x, const judge& is) {
  auto text = x.first.view();
  auto good = text.empty() || text.front() == '"' || text.front() == '-'
              || (text.front() >= '0' && text.front() <= '9');
  return good ? caf::error{}
              : is.wrong("first", "must be a number or a string");
}

caf::error check_dataset(const walk_source& x, const judge& is) {
  if (auto err
      = is.either("datasetId", "run",
                  "the id of a dataset of the platform; or give `run`, "
                  "the name of a run of ours"))
    return err;
  if (x.space && x.run.empty())
    return is.wrong("namespace", "is only for a `run`");
  auto query = dataset_query(x);
  if (query)
    return {};
  auto what = message_of(query.error());
  auto colon = what.find(": ");
  return is.wrong(what.substr(0, colon), what.substr(colon + 2));
}

caf::error check_rows(const walk_source& x, const judge& is) {
  if (auto err = is.either("query", "table",
                           "such as `SELECT id, name FROM products WHERE id > "
                           ":cursor ORDER BY id LIMIT :size`; or give `table` "
                           "and its `key`"))
    return err;
  if (!x.table.empty())
    return first_of({is.must_have("key", "the column of `table` that is unique "
                                         "and never null"),
                     is.must_not_have("first", "is only for a `query`")});
  constexpr auto why = "is only for a `table`; put it into the `query`";
  if (x.query.find(":cursor") == std::string::npos)
    return is.wrong("query", "must say where a page begins, such as "
                             "`WHERE id > :cursor ORDER BY id LIMIT :size`");
  return first_of({is.must_not_have("columns", why),
                   is.must_not_have("where", why), check_first(x, is)});
}

} // namespace

caf::error check(const walk_source& x, std::string_view where) {
  auto is = judge{x, where};
  if (auto err = is.members())
    return err;
  switch (x.kind) {
    case source_kind::ndjson:
      return is.must_have("path", "the file, one JSON document a line");
    case source_kind::csv:
      return check_csv(x, is);
    case source_kind::json:
      return check_json(x, is);
    case source_kind::sqlite:
      return first_of(
        {is.must_have("path", "the file of the database"), check_rows(x, is)});
    case source_kind::postgres:
      return first_of({is.either("url", "urlEnv",
                                 "such as \"postgresql://user@host/shop\"; or "
                                 "give `urlEnv`, the name of a variable that "
                                 "has it"),
                       check_rows(x, is)});
    case source_kind::http:
      return is.either(
        "url", "urlEnv",
        "what answers pages, such as "
        "\"https://example.com/products\"; or give `urlEnv`, the "
        "name of a variable that has it");
    case source_kind::dataset:
      return check_dataset(x, is);
    case source_kind::processor:
      break;
  }
  return {};
}

} // namespace orc
