#include "messages/validate_budget.hpp"

#include "messages/validate.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

struct rule {
  std::string_view field;
  bool holds;
  std::string problem;
};

bool is_amount(double x) {
  return x >= 0 && x <= max_usd;
}

std::string scope_problem(const std::optional<std::string>& x) {
  return x ? name_problem(*x) : std::string{};
}

} // namespace

caf::error validate(const budget_settings& budget, const std::string& path) {
  auto name = name_problem(budget.name);
  auto account = scope_problem(budget.account);
  auto space = scope_problem(budget.space);
  auto batch = scope_problem(budget.batch);
  auto amounts = fmt::format("must be 0 to {:.0f}", max_usd);
  const rule rules[] = {
    {"name", name.empty(), name},
    {"account", account.empty(), account},
    {"namespace", space.empty(), space},
    {"batch", batch.empty(), batch},
    {"capUsd", is_amount(budget.cap_usd), amounts},
    {"warnAt", budget.warn_at >= 0 && budget.warn_at <= 1, "must be 0 to 1"},
    {"assumeUsd", is_amount(budget.assume_usd), amounts},
  };
  for (const auto& x : rules)
    if (!x.holds)
      return make_error(ec::bad_field,
                        fmt::format("{}{}{}: {}", path, path.empty() ? "" : ".",
                                    x.field, x.problem));
  return {};
}

} // namespace orc
