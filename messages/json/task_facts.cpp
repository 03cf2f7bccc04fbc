#include "messages/json/task_facts.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>

namespace orc {

std::string render_key_taken(const task& x) {
  return fmt::format(R"({{"channel":{},"key":{},"update":)"
                     R"({{"assignedTo":{},"assignedAt":{}}}}})",
                     json_quote(x.channel.value_or("")), json_quote(*x.key),
                     json_quote(x.assigned_to.value_or("")),
                     json_quote(to_string(*x.assigned_at)));
}

std::string render_key_given_back(const task& x, std::string_view error) {
  auto result = error.empty()
                  ? fmt::format(R"("output":{})",
                                x.output.empty() ? "null" : x.output.view())
                  : fmt::format(R"("error":{},"executeMessageId":null,)"
                                R"("examineMessageId":null)",
                                error);
  return fmt::format(R"({{"channel":{},"key":{},"update":{{"assignedTo":null,)"
                     R"("assignedAt":null,"isComplete":{},"runAfter":{},)"
                     R"("remainingAttempts":{},{}}}}})",
                     json_quote(x.channel.value_or("")), json_quote(*x.key),
                     x.is_complete,
                     x.run_after ? json_quote(to_string(*x.run_after)) : "null",
                     x.remaining_attempts, result);
}

std::string
render_workgroup_delayed(std::string_view workgroup, timestamp until) {
  return fmt::format(R"({{"workgroup":{},"update":{{"runAfter":{}}}}})",
                     json_quote(workgroup), json_quote(to_string(until)));
}

} // namespace orc
