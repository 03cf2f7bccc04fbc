#pragma once

#include "messages/walk/page_processor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace orc {

/// A program has ended, on its way from the thread that watched it.
struct command_ended {
  std::uint64_t number = 0;
  page_result result;

  static constexpr auto fields
    = describe("command_ended", "A program has ended.",
               field("number", &command_ended::number, "Which."),
               field("result", &command_ended::result, "How."));
};

using command_processor_actor
  = page_processor_actor::extend<caf::reacts_to<command_ended>>;

/// Does the pages of a batch by a program each. It gets the page on standard
/// input, and its words are read line by line while it runs; see
/// `read_page_words`.
class command_processor_state {
public:
  static inline const char* name = "command-processor";

  explicit command_processor_state(command_processor_actor::pointer self);

  ~command_processor_state();

  command_processor_state(const command_processor_state&) = delete;
  command_processor_state& operator=(const command_processor_state&) = delete;

  command_processor_actor::behavior_type
  make_behavior(std::vector<std::string> words, std::string batch);

private:
  struct job;

  caf::result<page_result> process(const process_page& x);
  caf::result<page_result> tell(const tell_progress& x);
  caf::result<page_result> start(std::shared_ptr<job> x);

  command_processor_actor::pointer self_;
  std::vector<std::string> words_;
  std::string batch_;
  /// Shared with the threads that watch programs, which outlive this.
  std::shared_ptr<std::atomic<bool>> stop_
    = std::make_shared<std::atomic<bool>>(false);
  std::map<std::uint64_t, caf::typed_response_promise<page_result>> jobs_;
  std::uint64_t last_ = 0;
};

/// Starts a COMMAND PROCESSOR.
/// @param words the program, looked for in the PATH, and its arguments.
command_processor_actor::behavior_type command_processor(
  command_processor_actor::stateful_pointer<command_processor_state> self,
  std::vector<std::string> words, std::string batch);

/// @returns the words of `processor.command`: those of the array, or the shell
///          with a string. `ec::bad_field` if it is neither.
caf::expected<std::vector<std::string>>
read_command_words(const json_text& command);

} // namespace orc
