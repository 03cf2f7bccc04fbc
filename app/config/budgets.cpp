#include "app/config/budgets.hpp"

#include "messages/validate_budget.hpp"

#include <fmt/format.h>

#include <cctype>
#include <optional>

namespace orc::app {

namespace {

std::optional<std::string> given(const std::string& x) {
  return x.empty() ? std::nullopt : std::optional{x};
}

budget_settings settings_of(const budget_entry& x) {
  budget_settings result;
  result.name = x.name;
  result.account = given(x.account);
  result.space = given(x.space);
  result.batch = given(x.batch);
  result.period = x.period;
  result.on_reached = x.on_reached;
  result.cap_usd = x.cap_usd;
  result.warn_at = x.warn_at;
  result.assume_usd = x.assume_usd;
  return result;
}

} // namespace

caf::error check_budgets(const std::vector<budget_entry>& xs) {
  for (std::size_t i = 0; i < xs.size(); ++i) {
    auto place = fmt::format("budgets[{}]", i);
    if (auto problem = validate(settings_of(xs[i]), place))
      return make_error(ec::bad_config, message_of(problem));
    for (std::size_t j = 0; j < i; ++j)
      if (xs[j].name == xs[i].name)
        return make_error(ec::bad_config,
                          fmt::format("{}.name: `{}` is the name of "
                                      "budgets[{}], too",
                                      place, xs[i].name, j));
  }
  return {};
}

std::string budget_name_of(const std::string& plan) {
  auto result = plan.substr(plan.find_last_of('/') + 1);
  for (auto& c : result)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_')
      c = '-';
  return result.empty() || result == "." || result == ".." ? "run" : result;
}

std::vector<budget_settings> budgets_of(const std::vector<budget_entry>& xs) {
  std::vector<budget_settings> result;
  for (const auto& x : xs)
    result.push_back(settings_of(x));
  return result;
}

} // namespace orc::app
