#pragma once

#include <caf/error.hpp>
#include <caf/make_message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Everything that can go wrong between two actors. The names are part of the
/// HTTP API (`error.type`): append new ones before `count`, never reorder.
enum class ec : std::uint8_t {
  none = 0,
  /// A document is no JSON; the message tells line and column.
  bad_json,
  /// A field is unknown, missing, of the wrong type or out of range.
  bad_field,
  /// Two runs of one submission have the same name.
  duplicate_name,
  /// The input is larger than the platform takes: 9,437,184 bytes.
  input_too_large,
  /// The run needs more memory than its account has in total.
  memory_exceeds_account,
  /// No run has that name.
  unknown_run,
  /// No account has that name.
  unknown_account,
  /// The same name was submitted for another Apify actor or task.
  name_conflict,
  /// The platform has no memory for the run now.
  memory_refused,
  /// The platform has no run slot for the run now.
  slots_refused,
  /// The platform asks for fewer requests.
  rate_limited,
  /// The request surely did nothing: no byte of it was sent.
  not_sent,
  /// The request may have been carried out; its answer is lost.
  answer_lost,
  /// The platform takes no such input or option.
  invalid_input,
  /// The token is missing or wrong.
  unauthorized,
  /// The token may not do that.
  forbidden,
  /// The platform knows no such thing.
  not_found,
  /// The account has to pay first: usage, plan or rental.
  billing_refused,
  /// Any other refusal by the platform.
  api_refused,
  /// An answer of the platform that cannot be understood.
  bad_answer,
  /// The run id is bound to another run already.
  already_bound,
  /// The data directory is in use by another process.
  store_locked,
  /// The store was written by a newer version.
  store_newer,
  /// The store is damaged.
  store_corrupt,
  /// The store cannot be written: disk full, read-only, input/output error.
  store_failed,
  /// A sealed value cannot be opened with this key.
  wrong_key,
  /// The service is stopping.
  stopping,
  /// Nothing happened in the time allowed.
  timed_out,
  /// The run was aborted before it was started.
  aborted,
  /// A configuration or command line that makes no sense.
  bad_config,
  /// Somebody else has saved a newer state of the run.
  stale_save,
  /// A budget has too little left for the run.
  budget_reached,
  /// No budget has that name.
  unknown_budget,
  /// The task is another worker's, or nobody's.
  not_assigned,
  /// Not an error; the number of codes.
  count,
};

/// @returns the name of `x` in logs and API responses, such as `unknown-run`.
std::string to_string(ec x);

/// Makes an error of a code and one sentence that tells what to do.
caf::error make_error(ec code, std::string message);

/// Makes an error that passes on the platform's own `error.type`.
caf::error make_error(ec code, std::string message, std::string platform_type);

/// @returns the sentence an error was made with.
std::string message_of(const caf::error& x);

/// @returns the platform's `error.type`, else the name of the code.
std::string type_of(const caf::error& x);

/// @returns the code of `x`, or `ec::none` where the error is CAF's own.
ec code_of(const caf::error& x);

} // namespace orc

CAF_ERROR_CODE_ENUM(orc::ec, "orc")
