// How times are written.

#include "actors/schedule/cron.hpp"
#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>
#include <string>
#include <vector>

namespace orc {

namespace {

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar",
                                                       "apr", "may", "jun",
                                                       "jul", "aug", "sep",
                                                       "oct", "nov", "dec"};

constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> macros{
  {{"@hourly", "0 * * * *"},
   {"@daily", "0 0 * * *"},
   {"@midnight", "0 0 * * *"},
   {"@weekly", "0 0 * * 0"},
   {"@monthly", "0 0 1 * *"},
   {"@yearly", "0 0 1 1 *"},
   {"@annually", "0 0 1 1 *"}}};

/// One of the five parts: what it is called, and what it may hold.
struct part {
  std::string_view name;
  std::uint32_t least;
  std::uint32_t most;
  std::span<const std::string_view> names = {};
};

constexpr part minute_part{"minute", 0, 59};
constexpr part hour_part{"hour", 0, 23};
constexpr part day_part{"day of the month", 1, 31};
constexpr part month_part{"month", 1, 12, month_names};
constexpr part weekday_part{"day of the week", 0, 7, day_names};

std::vector<std::string_view>
split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    auto end = std::min(text.find_first_of(at), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string lower(std::string_view text) {
  std::string result;
  for (auto c : text)
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::optional<std::uint32_t> read_number(std::string_view text) {
  std::uint32_t result = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  return error == std::errc{} && stop == end ? std::optional{result}
                                             : std::nullopt;
}

} // namespace

class cron_parser {
public:
  caf::expected<cron> read(std::string_view text) {
    auto given = lower(text);
    for (const auto& [name, meaning] : macros)
      if (given == name)
        given = meaning;
    if (given.starts_with('@'))
      return make_error(ec::bad_field,
                        fmt::format("cron: `{}` is none of @hourly, @daily, "
                                    "@weekly, @monthly, @yearly",
                                    text));
    std::vector<std::string_view> parts;
    for (auto word : split(given, " \t"))
      if (!word.empty())
        parts.push_back(word);
    if (parts.size() != 5)
      return make_error(ec::bad_field,
                        fmt::format("cron: `{}` must have five parts: minute, "
                                    "hour, day of the month, month, day of "
                                    "the week",
                                    text));
    read_part(minute_part, parts[0], result_.minutes_);
    read_part(hour_part, parts[1], result_.hours_);
    read_days(parts[2]);
    read_part(month_part, parts[3], result_.months_);
    read_weekdays(parts[4]);
    result_.any_hour_ = parts[1].starts_with('*');
    if (problem_)
      return std::move(problem_);
    return result_;
  }

private:
  void read_days(std::string_view text) {
    std::string numbers;
    for (auto word : split(text, ","))
      if (word == "l")
        result_.on_last_day_ = true;
      else
        numbers.append(numbers.empty() ? "" : ",").append(word);
    if (!numbers.empty() || !result_.on_last_day_)
      read_part(day_part, numbers, result_.days_);
    result_.any_day_ = text.starts_with('*') || text == "?";
  }

  void read_weekdays(std::string_view text) {
    std::bitset<8> days;
    read_part(weekday_part, text, days);
    for (std::size_t i = 0; i < 7; ++i)
      result_.weekdays_[i] = days[i];
    result_.any_weekday_ = text.starts_with('*') || text == "?";
  }

  template <std::size_t N>
  void read_part(const part& of, std::string_view text, std::bitset<N>& to) {
    if (text.empty() || text.back() == ',')
      return fail(of, text);
    for (auto word : split(text, ","))
      read_range(of, word, to);
  }

  template <std::size_t N>
  void read_range(const part& of, std::string_view text, std::bitset<N>& to) {
    auto slash = text.find('/');
    std::uint32_t step = 1;
    if (slash != std::string_view::npos) {
      auto given = read_number(text.substr(slash + 1));
      if (!given || *given == 0)
        return fail(of, text);
      step = *given;
    }
    auto range = text.substr(0, slash);
    auto from = of.least;
    auto until = of.most;
    if (range != "*" && range != "?") {
      auto dash = range.find('-');
      auto first = read_value(of, range.substr(0, dash));
      auto last
        = dash == std::string_view::npos
            // `5/10` means from 5 on.
            ? (slash != std::string_view::npos ? std::optional{of.most} : first)
            : read_value(of, range.substr(dash + 1));
      if (!first || !last)
        return fail(of, text);
      from = *first;
      until = *last;
    }
    // `fri-mon` goes round the end of the week, which Sunday has two numbers
    // in.
    auto size = of.most - of.least + (of.most == 7 ? 0U : 1U);
    auto count = until >= from ? until - from : until + size - from;
    for (std::uint32_t i = 0; i <= count; i += step)
      to.set(of.least + (from - of.least + i) % size);
  }

  static std::optional<std::uint32_t>
  read_value(const part& of, std::string_view text) {
    for (std::size_t i = 0; i < of.names.size(); ++i)
      if (text == of.names[i])
        return static_cast<std::uint32_t>(i + (of.least == 1 ? 1 : 0));
    auto result = read_number(text);
    return result && *result >= of.least && *result <= of.most ? result
                                                               : std::nullopt;
  }

  void fail(const part& of, std::string_view text) {
    if (!problem_)
      problem_ = make_error(
        ec::bad_field,
        fmt::format("cron: `{}` is no {}: numbers from {} to {}{}, lists "
                    "`1,2`, ranges `1-5`, steps `*/2`{}",
                    text, of.name, of.least, of.most,
                    of.names.empty() ? "" : ", names of three letters",
                    of.most == 31 ? ", or `L` for the last" : ""));
  }

  cron result_;
  caf::error problem_;
};

caf::expected<cron> cron::parse(std::string_view text) {
  return cron_parser{}.read(text);
}

} // namespace orc
