#pragma once

#include "messages/run_record.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

// What the gateway in front of the platform's API reads and changes in answers,
// and the Run objects that it makes itself. Whatever else stands in an answer
// stays as it is.

/// @returns a Run object of the platform's API for a run that the platform does
///          not know, or not yet: READY while it waits, ABORTED if it was
///          cancelled, FAILED if it can never start. Its storages have its own
///          id. What only the platform knows and its document requires is empty
///          or the platform's default; the rest is left out.
std::string render_waiting_run(const run_record& x, std::string_view id);

/// @returns an answer `{"data":…}` that holds one Run object.
std::string render_run_answer(const run_record& x, std::string_view id);

/// @returns the answer with the id of its run replaced; as it is if it holds no
///          run.
std::string rename_run(std::string_view answer, std::string_view id);

/// @returns the id of the run in an answer, or "".
std::string read_run_id(std::string_view answer);

/// A page of a list of runs.
struct run_list_page {
  std::vector<std::string> ids;
  std::uint64_t total = 0;
};

/// @returns `ec::bad_answer` if the answer is no list.
caf::expected<run_list_page> read_run_list(std::string_view answer);

/// How a page of a list of runs is changed.
struct run_list_change {
  /// Other ids for some of its runs.
  std::map<std::string, std::string> names;
  /// Run objects that come before and after it, as JSON.
  std::vector<std::string> before;
  std::vector<std::string> after;
  /// Leaves out the platform's own items.
  bool only_these = false;
  std::uint64_t total = 0;
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;
};

/// @pre `read_run_list` takes the answer
std::string change_run_list(std::string_view answer, const run_list_change& x);

/// @returns `array` if it is a JSON array, else "".
std::string read_json_array(std::string_view text);

} // namespace orc
