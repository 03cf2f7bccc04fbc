#include "emulator/storage/table_writer.hpp"

#include "emulator/storage/markup_writer.hpp"

#include <functional>
#include <unordered_map>

namespace orc::emulator {

namespace {

constexpr auto max_columns = std::size_t{2000};

std::string_view text_of(const json_value& x) {
  return {x.GetString(), x.GetStringLength()};
}

/// Calls `f(path, value)` for each leaf below `value`: what is neither an
/// object nor an array, or an empty one.
template <class F>
void each_leaf(const json_value& value, const std::string& path, const F& f) {
  const auto below = path.empty() ? path : path + '/';
  if (value.IsObject() && (path.empty() || !value.ObjectEmpty())) {
    for (const auto& m : value.GetObject())
      each_leaf(m.value, below + std::string{text_of(m.name)}, f);
  } else if (value.IsArray() && !value.Empty()) {
    for (auto i = rapidjson::SizeType{0}; i < value.Size(); ++i)
      each_leaf(value[i], below + std::to_string(i), f);
  } else {
    f(path, value);
  }
}

/// The text of a cell; nothing for null and what is empty.
std::string cell_text(const json_value& x) {
  if (x.IsString())
    return std::string{text_of(x)};
  if (x.IsNull() || x.IsObject() || x.IsArray())
    return {};
  return to_text(x);
}

/// The columns of a table, gathered before the first line is written.
class columns {
public:
  explicit columns(const items_query& query) {
    const auto& names
      = query.output_fields.empty() ? query.fields : query.output_fields;
    for (auto name : names) {
      // A field of a field is a column of its own path.
      if (query.output_fields.empty())
        for (auto& c : name)
          c = c == '.' ? '/' : c;
      wanted_.push_back(std::move(name));
    }
  }

  void see(const json_value& item) {
    each_leaf(item, {}, [this](const auto& path, const auto&) {
      if (names_.size() < max_columns
          && index_.emplace(path, names_.size()).second)
        names_.push_back(path);
    });
  }

  /// Puts the columns in their order once all items were seen.
  void settle() {
    auto sorted = std::vector<std::string>{};
    for (const auto& field : wanted_)
      take_field(field, sorted);
    for (auto& name : names_)
      if (!name.empty())
        sorted.push_back(std::move(name));
    names_ = std::move(sorted);
    index_.clear();
    for (auto i = std::size_t{0}; i < names_.size(); ++i)
      index_.emplace(names_[i], i);
  }

  const std::vector<std::string>& names() const {
    return names_;
  }

  std::vector<std::string> cells(const json_value& item) const {
    auto result = std::vector<std::string>(names_.size());
    each_leaf(item, {}, [&](const auto& path, const auto& value) {
      if (const auto i = index_.find(path); i != index_.end())
        result[i->second] = cell_text(value);
    });
    return result;
  }

private:
  /// Moves the columns of a field to `sorted`: itself, even if no item has it,
  /// or those below it.
  void take_field(const std::string& field, std::vector<std::string>& sorted) {
    auto found = false;
    for (auto& name : names_)
      if (name == field
          || (name.size() > field.size() && name[field.size()] == '/'
              && name.compare(0, field.size(), field) == 0)) {
        sorted.push_back(std::move(name));
        name.clear();
        found = true;
      }
    if (!found && !field.empty())
      sorted.push_back(field);
  }

  std::vector<std::string> wanted_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> index_;
};

class table_writer : public item_writer {
public:
  explicit table_writer(const items_query& query)
    : query_(query), columns_(query) {
    // nop
  }

  bool wants_to_see() const override {
    return true;
  }

  void see(const json_value& x) override {
    columns_.see(x);
  }

  void begin(std::string& out) override {
    columns_.settle();
    if (!query_.skip_header_row && !columns_.names().empty())
      line(out, columns_.names(), true);
  }

  void item(std::string& out, const json_value& x) override {
    line(out, columns_.cells(x), false);
  }

protected:
  virtual void
  line(std::string& out, const std::vector<std::string>& cells, bool header)
    = 0;

  const items_query& query_;

private:
  columns columns_;
};

class csv_writer : public table_writer {
public:
  using table_writer::table_writer;

  void end(std::string&) override {
    // nop
  }

private:
  void
  line(std::string& out, const std::vector<std::string>& cells, bool) override {
    for (auto i = std::size_t{0}; i < cells.size(); ++i) {
      if (i > 0)
        out.append(query_.delimiter);
      quoted(out, cells[i]);
    }
    out.push_back('\n');
  }

  void quoted(std::string& out, const std::string& text) const {
    const auto plain = text.find_first_of("\"\r\n") == std::string::npos
                       && (query_.delimiter.empty()
                           || text.find(query_.delimiter) == std::string::npos);
    if (plain) {
      out.append(text);
      return;
    }
    out.push_back('"');
    for (const auto c : text) {
      if (c == '"')
        out.push_back('"');
      out.push_back(c);
    }
    out.push_back('"');
  }
};

class html_writer : public table_writer {
public:
  using table_writer::table_writer;

  void begin(std::string& out) override {
    out.append("<table>");
    table_writer::begin(out);
  }

  void end(std::string& out) override {
    out.append("</table>");
  }

private:
  void line(std::string& out, const std::vector<std::string>& cells,
            bool header) override {
    out.append("<tr>");
    for (const auto& cell : cells) {
      out.append(header ? "<th>" : "<td>");
      append_escaped(out, cell);
      out.append(header ? "</th>" : "</td>");
    }
    out.append("</tr>");
  }
};

} // namespace

std::unique_ptr<item_writer> make_csv_writer(const items_query& query) {
  return std::make_unique<csv_writer>(query);
}

std::unique_ptr<item_writer> make_html_writer(const items_query& query) {
  return std::make_unique<html_writer>(query);
}

} // namespace orc::emulator
