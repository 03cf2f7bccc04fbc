#include "emulator/storage/markup_writer.hpp"

namespace orc::emulator {

namespace {

std::string_view text_of(const json_value& x) {
  return {x.GetString(), x.GetStringLength()};
}

/// @returns a name that XML takes for an element.
std::string element_name(std::string_view text) {
  auto result = std::string{text};
  for (auto& c : result) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) == 0 && u < 128 && c != '-' && c != '_' && c != '.'
        && c != ':')
      c = '_';
  }
  if (result.empty() || result[0] == '-' || result[0] == '.'
      || (result[0] >= '0' && result[0] <= '9'))
    result.insert(0, 1, '_');
  return result;
}

std::string scalar_text(const json_value& x) {
  if (x.IsString())
    return std::string{text_of(x)};
  return x.IsNull() ? std::string{} : to_text(x);
}

void append_element(std::string& out, const std::string& name,
                    const json_value& x);

void append_attributes(std::string& out, const json_value& x) {
  const auto* attributes = find_member(x, "@");
  if (attributes == nullptr || !attributes->IsObject())
    return;
  for (const auto& m : attributes->GetObject()) {
    out.append(" ").append(element_name(text_of(m.name))).append("=\"");
    append_escaped(out, scalar_text(m.value));
    out.push_back('"');
  }
}

void append_children(std::string& out, const json_value& object) {
  for (const auto& m : object.GetObject()) {
    const auto name = text_of(m.name);
    if (name == "@")
      continue;
    if (name == "#")
      append_escaped(out, scalar_text(m.value));
    else
      append_element(out, element_name(name), m.value);
  }
}

/// Writes `<name>…</name>`; an array writes one element an entry.
void append_element(std::string& out, const std::string& name,
                    const json_value& x) {
  if (x.IsArray()) {
    for (const auto& entry : x.GetArray())
      append_element(out, name, entry);
    return;
  }
  auto inner = std::string{};
  if (x.IsObject())
    append_children(inner, x);
  else
    append_escaped(inner, scalar_text(x));
  out.append("<").append(name);
  append_attributes(out, x);
  if (inner.empty())
    out.append("/>");
  else
    out.append(">").append(inner).append("</").append(name).append(">");
}

class xml_writer : public item_writer {
public:
  explicit xml_writer(const items_query& query)
    : root_(element_name(query.xml_root)), row_(element_name(query.xml_row)) {
    // nop
  }

  void begin(std::string& out) override {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
      .append(root_)
      .append(">");
  }

  void item(std::string& out, const json_value& x) override {
    append_element(out, row_, x);
  }

  void end(std::string& out) override {
    out.append("</").append(root_).append(">");
  }

private:
  std::string root_;
  std::string row_;
};

class rss_writer : public item_writer {
public:
  rss_writer(const items_query& query, std::string_view dataset_id)
    : title_(query.feed_title), description_(query.feed_description) {
    if (title_.empty())
      title_ = "Dataset " + std::string{dataset_id};
    if (description_.empty())
      description_
        = "Items in dataset with id \"" + std::string{dataset_id} + "\".";
  }

  void begin(std::string& out) override {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<rss version=\"2.0\"><channel><title>");
    append_escaped(out, title_);
    out.append("</title><description>");
    append_escaped(out, description_);
    out.append("</description>");
  }

  void item(std::string& out, const json_value& x) override {
    append_element(out, "item", x);
  }

  void end(std::string& out) override {
    out.append("</channel></rss>");
  }

private:
  std::string title_;
  std::string description_;
};

} // namespace

void append_escaped(std::string& out, std::string_view text) {
  for (const auto c : text)
    switch (c) {
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '&':
        out.append("&amp;");
        break;
      case '"':
        out.append("&quot;");
        break;
      default:
        out.push_back(c);
    }
}

std::unique_ptr<item_writer> make_xml_writer(const items_query& query) {
  return std::make_unique<xml_writer>(query);
}

std::unique_ptr<item_writer>
make_rss_writer(const items_query& query, std::string_view dataset_id) {
  return std::make_unique<rss_writer>(query, dataset_id);
}

} // namespace orc::emulator
