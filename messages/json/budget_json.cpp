// Budgets as they cross the border of the process, and as they are kept.

#include "messages/budget.hpp"
#include "messages/json/codec.hpp"
#include "messages/target_history.hpp"

namespace orc {

template std::string to_json(const budget_settings&);
template std::string to_json(const budget_view&);
template std::string to_json(const budget_views&);
template std::string to_json(const set_budget&);
template std::string to_json(const target_history&);

template caf::expected<budget_settings> from_json(std::string_view);
template caf::expected<budget_view> from_json(std::string_view);
template caf::expected<budget_views> from_json(std::string_view);
template caf::expected<set_budget> from_json(std::string_view);

} // namespace orc
