#include "app/config/print.hpp"

#include "app/config/environment.hpp"
#include "app/config/option_value.hpp"

namespace orc::app {

namespace {

/// Writes the options of one table, then the tables in it.
class printer {
public:
  explicit printer(bool commented) : commented_{commented} {
    // nop
  }

  /// @param path of the table, with a dot behind; "" for the file.
  template <described T>
  void print(const T& x, const std::string& prefix, const std::string& path) {
    for_each_field<T>([&](const auto& info) {
      using value_type = std::decay_t<decltype(x.*info.member)>;
      if constexpr (!described<value_type> && !is_list<value_type>)
        print_option(info, print_value(x.*info.member), prefix, path);
    });
    for_each_field<T>([&](const auto& info) {
      using value_type = std::decay_t<decltype(x.*info.member)>;
      auto name = fmt::format("{}{}", path, info.name);
      if constexpr (described<value_type>)
        print_table(info, x.*info.member, name);
      else if constexpr (is_list<value_type>)
        print_list(info, x.*info.member, name, !prefix.empty());
    });
  }

  std::string text;

private:
  template <class Info>
  void print_option(const Info& info, const std::string& value,
                    const std::string& prefix, const std::string& path) {
    if (commented_) {
      auto variable = path.empty() ? variable_of(info.name) : "";
      text += fmt::format(
        "\n{}# {}{}{}\n", prefix, info.doc, unit_note(info.unit),
        variable.empty() ? "" : fmt::format(" Environment: {}.", variable));
    }
    if (!value.empty())
      text += fmt::format("{}{} = {}\n", prefix, info.name, value);
    else if (commented_)
      text += fmt::format("#{} = {}\n", info.name, placeholder(info));
  }

  template <class Info, class T>
  void print_table(const Info& info, const T& x, const std::string& name) {
    heading(info.doc);
    text += fmt::format("[{}]\n", name);
    print(x, "", name + ".");
  }

  template <class Info, class T>
  void print_list(const Info& info, const std::vector<T>& xs,
                  const std::string& name, bool inside) {
    if (commented_) {
      if (inside)
        text += fmt::format("\n## {}\n", info.doc);
      else
        heading(info.doc);
      text += fmt::format("#[[{}]]\n", name);
      print(T{}, "#", name + ".");
    }
    for (const auto& x : xs) {
      text += fmt::format("\n[[{}]]\n", name);
      print(x, "", name + ".");
    }
  }

  void heading(std::string_view doc) {
    text += commented_ ? fmt::format("\n\n# {}\n", doc) : "\n";
  }

  static std::string unit_note(std::string_view unit) {
    if (unit.empty())
      return "";
    return fmt::format(" In {}.", unit == "s"   ? "seconds"
                                  : unit == "d" ? "days"
                                                : unit);
  }

  template <class Class, class Member>
  static std::string placeholder(const field_info<Class, Member>&) {
    if constexpr (std::is_same_v<Member, std::optional<mebibytes>>)
      return "1024";
    else if constexpr (std::is_same_v<Member, std::optional<std::uint64_t>>)
      return "1";
    return is_text<Member>                                       ? "\"\""
           : std::is_same_v<Member, text_list>                   ? "[]"
           : std::is_same_v<Member, text_map> || is_json<Member> ? "{}"
                                                                 : "0";
  }

  bool commented_;
};

template <described T>
std::string doc_in(std::string_view name) {
  std::string result;
  for_each_field<T>([&]<class Class, class Member>(
                      const field_info<Class, Member>& info) {
    if (info.name == name)
      result = info.doc;
    if constexpr (described<Member>)
      if (auto prefix = std::string{info.name} + '.'; name.starts_with(prefix))
        result = doc_in<Member>(name.substr(prefix.size()));
  });
  return result;
}

} // namespace

std::string config_example() {
  printer out{true};
  out.text
    = "# Configuration of apify-orchestrator, in TOML: every option with "
      "its default.\n# What stands behind a # has none: it shows how the "
      "option is written.\n# The command line comes before the environment, "
      "the environment before this\n# file, this file before the "
      "defaults.\n";
  out.print(config{}, "", "");
  return out.text;
}

std::string print_config(const config& x) {
  printer out{false};
  out.print(x, "", "");
  return out.text;
}

std::string option_doc(std::string_view name) {
  return doc_in<config>(name);
}

} // namespace orc::app
