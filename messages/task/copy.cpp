#include "messages/task/copy.hpp"

namespace orc {

task_definition copy_of(const task& x) {
  task_definition result;
  result.name = x.name;
  result.channel = x.channel;
  result.workgroup = x.workgroup;
  result.key = x.key;
  result.priority = x.priority;
  result.progress_weight = x.progress_weight;
  result.is_seed = x.is_seed;
  result.error_delay_secs = x.error_delay_secs;
  result.fails_on_lease_end = x.fails_on_lease_end.value_or(false);
  result.input = x.input;
  return result;
}

} // namespace orc
