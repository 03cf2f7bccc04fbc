#include "app/config/changes.hpp"

#include "app/config/option_value.hpp"

#include <algorithm>
#include <array>

namespace orc::app {

namespace {

template <class T>
bool same(const T& x, const T& y) {
  // What is printed of a secret is the same for all.
  if constexpr (std::is_same_v<T, secret> || is_compound<T>)
    return x == y;
  else
    return print_value(x) == print_value(y);
}

bool is_source(std::string_view option) {
  return option.ends_with("_env") || option.ends_with("_file");
}

template <described T>
void compare(const T& x, const T& y, const std::string& prefix,
             std::vector<std::string>& out);

template <class T>
const T* find(const std::vector<T>& xs, const std::string& name) {
  auto i = std::find_if(xs.begin(), xs.end(),
                        [&](const auto& x) { return x.name == name; });
  return i != xs.end() ? &*i : nullptr;
}

template <class T>
void compare_lists(const std::vector<T>& xs, const std::vector<T>& ys,
                   const std::string& list, std::vector<std::string>& out) {
  for (const auto& x : xs)
    if (const auto* y = find(ys, x.name))
      compare(x, *y, list + "." + x.name + ".", out);
    else
      out.push_back(list + "." + x.name);
  for (const auto& y : ys)
    if (!find(xs, y.name))
      out.push_back(list + "." + y.name);
}

template <described T>
void compare(const T& x, const T& y, const std::string& prefix,
             std::vector<std::string>& out) {
  for_each_field<T>([&](const auto& info) {
    using value_type = std::decay_t<decltype(x.*info.member)>;
    auto name = prefix + std::string{info.name};
    const auto& before = x.*info.member;
    const auto& after = y.*info.member;
    if constexpr (described<value_type>)
      compare(before, after, name + ".", out);
    else if constexpr (is_list<value_type>)
      compare_lists(before, after, name, out);
    else if (!is_source(name) && !same(before, after))
      out.push_back(name);
  });
}

/// With everything below those that end with a dot.
constexpr std::array<std::string_view, 17> reloadable{"token",
                                                      "max_memory_mbytes",
                                                      "max_concurrent_runs",
                                                      "abort_on_exit",
                                                      "api_token",
                                                      "report_interval",
                                                      "retention_days",
                                                      "log.",
                                                      "accounts.",
                                                      "budgets.",
                                                      "schedules.",
                                                      "nats.url",
                                                      "nats.token",
                                                      "nats.user",
                                                      "nats.password",
                                                      "nats.max_in_flight",
                                                      "nats.max_requests"};

} // namespace

std::vector<std::string>
changed_options(const config& before, const config& after) {
  std::vector<std::string> result;
  compare(before, after, "", result);
  return result;
}

bool is_reloadable(std::string_view option) {
  // Where the runs of an account are does not change.
  if (option.starts_with("accounts.") && option.ends_with(".base_url"))
    return false;
  return std::any_of(reloadable.begin(), reloadable.end(), [&](auto x) {
    return x.ends_with('.') ? option.starts_with(x) : option == x;
  });
}

} // namespace orc::app
