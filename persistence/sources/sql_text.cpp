#include "persistence/sources/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace orc {

namespace {

bool is_name_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
         || static_cast<unsigned char>(c) >= 0x80;
}

/// Walks over SQL and passes on what it finds.
class numberer {
public:
  explicit numberer(std::string_view sql) : sql_{sql} {
    // nop
  }

  numbered_sql run() {
    while (at_ < sql_.size())
      step();
    return std::move(result_);
  }

private:
  void step() {
    auto c = sql_[at_];
    auto rest = sql_.substr(at_);
    if (c == '\'')
      pass(string_size(rest, is_escaping()));
    else if (c == '"')
      pass(string_size(rest, false));
    else if (rest.starts_with("--"))
      pass(rest.find('\n'));
    else if (rest.starts_with("/*"))
      pass(comment_size(rest));
    else if (c == '$' && !follows_name())
      pass(dollar_size(rest));
    else if (rest.starts_with("::"))
      pass(2);
    else if (c == ':')
      parameter(rest);
    else
      pass(1);
  }

  void pass(std::size_t size) {
    size = std::min(size, sql_.size() - at_);
    result_.text.append(sql_, at_, size);
    at_ += size;
  }

  void parameter(std::string_view rest) {
    std::size_t end = 1;
    while (end < rest.size() && is_name_part(rest[end]))
      ++end;
    auto name = rest.substr(1, end - 1);
    if (name == "cursor") {
      result_.text += "$2";
      result_.has_cursor = true;
      at_ += end;
    } else if (name == "size") {
      result_.text += "$1";
      result_.has_size = true;
      at_ += end;
    } else {
      pass(end);
    }
  }

  bool follows_name() const {
    return at_ > 0 && is_name_part(sql_[at_ - 1]);
  }

  /// `E'…'` has escapes.
  bool is_escaping() const {
    if (at_ == 0 || (sql_[at_ - 1] != 'E' && sql_[at_ - 1] != 'e'))
      return false;
    return at_ == 1 || !is_name_part(sql_[at_ - 2]);
  }

  /// A doubled quote ends one string and begins the next, which is the same.
  static std::size_t string_size(std::string_view text, bool escapes) {
    for (std::size_t i = 1; i < text.size(); ++i)
      if (escapes && text[i] == '\\')
        ++i;
      else if (text[i] == text.front())
        return i + 1;
    return text.size();
  }

  static std::size_t comment_size(std::string_view text) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      auto pair = text.substr(i, 2);
      if (pair == "/*") {
        ++depth;
        ++i;
      } else if (pair == "*/") {
        ++i;
        if (--depth == 0)
          return i + 1;
      }
    }
    return text.size();
  }

  /// `$tag$ … $tag$`, or a dollar that means nothing.
  static std::size_t dollar_size(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && is_name_part(text[end]))
      ++end;
    if (end == text.size() || text[end] != '$')
      return 1;
    auto tag = text.substr(0, end + 1);
    auto closing = text.find(tag, tag.size());
    return closing == std::string_view::npos ? text.size()
                                             : closing + tag.size();
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  numbered_sql result_;
};

} // namespace

numbered_sql number_parameters(std::string_view sql) {
  return numberer{sql}.run();
}

std::string quote_name(std::string_view name) {
  std::string result{'"'};
  for (auto c : name)
    if (c == '.')
      result += "\".\"";
    else
      result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

table_queries make_table_queries(const walk_source& x) {
  std::string columns;
  for (const auto& column : x.columns)
    columns += quote_name(column) + ", ";
  auto key = quote_name(x.key);
  auto table = quote_name(x.table);
  // A line end, since a condition may end with a comment.
  auto condition = x.where.empty() ? "" : fmt::format("({}\n)", x.where);
  auto begin = fmt::format("SELECT {}{} FROM {}",
                           columns.empty() ? "*, " : columns, key, table);
  auto end = fmt::format(" ORDER BY {} LIMIT :size", key);
  return {
    begin + (condition.empty() ? "" : " WHERE " + condition) + end,
    fmt::format("{} WHERE {} > :cursor{}{}{}", begin, key,
                condition.empty() ? "" : " AND ", condition, end),
  };
}

} // namespace orc
