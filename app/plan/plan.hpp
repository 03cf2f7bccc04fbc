#pragma once

#include "messages/base/error.hpp"
#include "messages/run.hpp"
#include "messages/splits.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

/// A list of a plan that is to be cut into runs.
struct plan_list {
  submit_split what;
  /// Where the items are, if they are in a file.
  std::string file;
};

/// The runs that a user asks for. Keeps the text it was read from and reads
/// requests from it again when they are needed: a plan of a million lines is
/// checked as a whole before anything starts, yet only a chunk of it is ever in
/// memory as values.
class plan {
public:
  std::size_t size() const noexcept {
    return names_.size();
  }

  /// @returns the names of all runs, in order; made where none was given.
  const std::vector<run_ref>& names() const noexcept {
    return names_;
  }

  /// @returns up to `count` requests from number `first` on, with names.
  std::vector<run_request> requests(std::size_t first, std::size_t count) const;

  /// @returns the accounts that runs name, "" for the default one; each once.
  const std::vector<std::string>& accounts() const noexcept {
    return accounts_;
  }

  /// @returns the lists that are to be cut into runs.
  const std::vector<plan_list>& lists() const noexcept {
    return lists_;
  }

  /// @returns what is put under the input of each run; empty if nothing is.
  const json_text& fixed_input() const noexcept {
    return fixed_input_;
  }

private:
  friend class plan_reader;

  /// Owns what `slices_` point into; stays where it is when the plan moves.
  std::shared_ptr<const std::string> text_;
  std::vector<std::string_view> slices_;
  std::vector<run_ref> names_;
  std::vector<std::string> accounts_;
  std::vector<plan_list> lists_;
  json_text fixed_input_;
};

/// Reads a plan: `{"runs":[…],"splits":[…],"fixedInput":{…}}`, or one request a
/// line, or one request alone.
/// @param source names the text in errors.
/// @returns the first thing that is wrong with any of its requests:
///          `plan.json: runs[3].options.memoryMbytes: …`,
///          `plan.ndjson: line 7: …` or `plan.json: line 1, column 9: …`.
[[nodiscard]] caf::expected<plan>
read_plan(std::string text, const std::string& source);

/// Same, without a name in errors.
[[nodiscard]] caf::expected<plan> read_plan(std::string_view text);

/// Same, from a file; `-` is standard input.
[[nodiscard]] caf::expected<plan> read_plan_file(const std::string& path);

/// @returns the name of a run that was given none: the same for the same Apify
///          actor or task, account, input and options, so that the same plan
///          rejoins. Equal ones of one plan get `-2`, `-3`, … besides.
std::string made_name(const run_request& x);

} // namespace orc::app
