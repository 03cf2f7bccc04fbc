#pragma once

#include "messages/apify_api.hpp"
#include "messages/apify_storage.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace orc {

// Readers of the platform's answers. Unlike `from_json` they are lenient: what
// is unknown is passed over, what is missing and not needed stays as it is,
// since the platform adds fields and values whenever it likes. All fail with
// `ec::bad_answer`.

caf::expected<remote_run> read_remote_run(std::string_view body);

caf::expected<remote_runs> read_remote_runs(std::string_view body);

/// Limits that the platform does not tell are as large as can be.
caf::expected<account_limits> read_account_limits(std::string_view body);

caf::expected<remote_user> read_remote_user(std::string_view body);

/// Reads an Apify actor or an Apify task.
caf::expected<target_defaults>
read_target_defaults(std::string_view body, bool is_task);

/// Reads one dataset or a list of them.
caf::expected<item_counts> read_item_counts(std::string_view body);

/// Reads the log of a run: every line begins with its time.
log_end read_log_end(std::string_view body);

caf::expected<record_store> read_record_store(std::string_view body);

caf::expected<remote_dataset> read_remote_dataset(std::string_view body);

caf::expected<record_keys> read_record_keys(std::string_view body);

/// What the platform says when it refuses a request.
struct api_refusal {
  std::string type;
  std::string message;
};

/// @returns what can be read of it: nothing, if a proxy answered.
api_refusal read_api_refusal(std::string_view body);

} // namespace orc
