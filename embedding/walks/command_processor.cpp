#include "embedding/walks/command_processor.hpp"

#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "messages/walk/page_words.hpp"
#include "transport/process/command.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// An exit code that asks for another try: EX_TEMPFAIL of sysexits.h.
constexpr int try_again = 75;

/// What a program has between SIGTERM and SIGKILL.
constexpr auto grace = 5s;

/// What Linux lets one variable of an environment have.
constexpr std::size_t longest_variable = 120'000;

/// A line that is longer says nothing to us.
constexpr std::size_t longest_line = std::size_t{1} << 20;

/// How much of a line an error shows.
constexpr std::size_t longest_quote = 200;

/// @returns a word that no other call of a program has.
std::string make_call_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

/// @returns the name that the last line of an uncaught exception begins with:
///          of `ValueError: too small` its first word.
std::string exception_of(const std::string& last_words) {
  auto end = last_words.find(':');
  auto word = last_words.substr(0, end);
  return word.find(' ') == std::string::npos ? word : std::string{};
}

/// @returns a line without the byte order mark that some programs begin with,
///          and the blanks before it.
std::string_view without_margin(std::string_view line) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  line.remove_prefix(line.starts_with(mark) ? mark.size() : 0);
  auto begin = line.find_first_not_of(" \t");
  line.remove_prefix(std::min(begin, line.size()));
  return line;
}

/// @returns whether a line means to say where the next page begins, and fails
///          to: the walk would end there, and nobody would know.
bool is_lost_cursor(std::string_view line) {
  return line.starts_with('{')
         && line.find("nextCursor") != std::string_view::npos
         && !raw_object::read(line);
}

} // namespace

/// One program, on a thread of its own.
struct command_processor_state::job {
  command_options options;
  std::uint64_t page = 0;
  std::uint32_t attempt = 0;
  next_page_sink next;
  /// It alone knows where the next page begins.
  bool fetches = false;
  std::shared_ptr<std::atomic<bool>> stop;

  page_result run() {
    options.stop = stop.get();
    options.grace = grace;
    options.on_output = [this](std::string_view piece) { take(piece); };
    auto how = run_command(options);
    take_line();
    judge(how);
    return std::move(result_);
  }

private:
  void take(std::string_view piece) {
    for (auto c : piece)
      if (c == '\n')
        take_line();
      else if (line_.size() < longest_line)
        line_.push_back(c);
  }

  void take_line() {
    auto text = without_margin(line_);
    if (fetches && is_lost_cursor(text)) {
      misread_ = text.substr(0, longest_quote);
    } else if (text.starts_with('{')) {
      auto words = read_page_words(text);
      has_told_ |= words.next_cursor.has_value();
      if (words.next_cursor && next)
        caf::anon_send(next, next_page{page, attempt, *words.next_cursor,
                                       words.next_size});
      take_words(result_, std::move(words));
    }
    line_.clear();
  }

  void judge(const command_result& how) {
    using end = command_result::end;
    auto fail = [&](page_end kind, std::string why) {
      if (result_.end != page_end::hopeless)
        result_.end = kind;
      if (!how.last_words.empty())
        why += ": " + how.last_words;
      if (result_.error.empty())
        result_.error = std::move(why);
      result_.types.push_back(exception_of(how.last_words));
    };
    switch (how.how) {
      case end::exited:
        if (how.code == 0 && (misread_.empty() || has_told_)) {
          result_.end = page_end::done;
          return;
        }
        if (how.code == 0)
          return fail(page_end::failed,
                      "the next cursor may be lost: no JSON is " + misread_);
        result_.types.push_back(fmt::format("{}", how.code));
        result_.types.push_back(fmt::format("exit-{}", how.code));
        return fail(how.code == try_again ? page_end::retry : page_end::failed,
                    fmt::format("exit code {}", how.code));
      case end::killed:
        return fail(page_end::failed,
                    fmt::format("killed by signal {}", how.code));
      case end::timed_out:
        result_.types.push_back("timeout");
        return fail(
          page_end::failed,
          fmt::format("timed out after {} s",
                      static_cast<double>(options.timeout.count()) / 1000));
      case end::not_started:
        return fail(page_end::failed, "cannot be started");
      case end::stopped:
        result_.end = page_end::stopped;
        result_.error = "stopped";
    }
  }

  page_result result_;
  std::string line_;
  /// A line that has lost its cursor.
  std::string misread_;
  bool has_told_ = false;
};

command_processor_state::command_processor_state(
  command_processor_actor::pointer self)
  : self_{self} {
  // nop
}

command_processor_state::~command_processor_state() {
  *stop_ = true;
}

command_processor_actor::behavior_type
command_processor_state::make_behavior(std::vector<std::string> words,
                                       std::string batch) {
  words_ = std::move(words);
  batch_ = std::move(batch);
  return {
    [this](const process_page& x) { return process(x); },
    [this](const tell_progress& x) { return tell(x); },
    [this](const stop_pages&) {
      *stop_ = true;
      stop_ = std::make_shared<std::atomic<bool>>(false);
    },
    [this](command_ended& x) {
      auto known = jobs_.extract(x.number);
      if (!known.empty())
        known.mapped().deliver(std::move(x.result));
    },
  };
}

caf::result<page_result>
command_processor_state::process(const process_page& x) {
  auto result = std::make_shared<job>();
  result->page = x.page;
  result->attempt = x.attempt;
  result->next = x.next;
  result->fetches = x.count == 0;
  auto& options = result->options;
  options.input = render_page_head(x).append("\n").append(x.items.view());
  options.timeout = x.timeout;
  options.variables
    = {{"BATCH_NAME", x.batch},
       {"BATCH_PAGE", std::to_string(x.page)},
       {"BATCH_ATTEMPT", std::to_string(x.attempt)},
       {"BATCH_PAGE_SIZE", std::to_string(x.size)},
       {"BATCH_PAGE_TIMEOUT_SECS",
        fmt::format("{}", static_cast<double>(x.timeout.count()) / 1000)}};
  if (x.cursor.size() < longest_variable)
    options.variables.emplace_back("BATCH_CURSOR", x.cursor);
  return start(std::move(result));
}

caf::result<page_result> command_processor_state::tell(const tell_progress& x) {
  auto result = std::make_shared<job>();
  auto& options = result->options;
  options.input = render_progress(x) + "\n";
  options.timeout = x.timeout;
  options.variables = {{"BATCH_NAME", batch_}};
  return start(std::move(result));
}

caf::result<page_result>
command_processor_state::start(std::shared_ptr<job> x) {
  x->options.words = words_;
  auto id = make_call_id();
  x->options.mark = "BATCH_CALL=" + id;
  x->options.variables.emplace_back("BATCH_CALL", std::move(id));
  x->stop = stop_;
  auto number = ++last_;
  auto promise = self_->make_response_promise<page_result>();
  jobs_.emplace(number, promise);
  // Weak: what ends after this actor is of no use to anybody.
  self_->spawn<caf::detached>(
    [x, number,
     parent = caf::actor_addr{self_->address()}](caf::event_based_actor*) {
      auto result = x->run();
      if (auto actor = caf::actor_cast<caf::actor>(parent))
        caf::anon_send(actor, command_ended{number, std::move(result)});
    });
  return promise;
}

command_processor_actor::behavior_type command_processor(
  command_processor_actor::stateful_pointer<command_processor_state> self,
  std::vector<std::string> words, std::string batch) {
  return self->state.make_behavior(std::move(words), std::move(batch));
}

caf::expected<std::vector<std::string>>
read_command_words(const json_text& command) {
  auto wrong = [] {
    return make_error(ec::bad_field, "command: must be an array of words, or "
                                     "one string for the shell");
  };
  if (command.view().starts_with('"')) {
    auto text = from_json<std::string>(command.view());
    if (!text)
      return wrong();
    return std::vector<std::string>{"sh", "-c", std::move(*text)};
  }
  auto in
    = raw_object::read(fmt::format(R"({{"command":{}}})", command.view()));
  if (!in)
    return wrong();
  auto all = in->array("command");
  if (!all || all->empty()
      || std::any_of(all->begin(), all->end(),
                     [](const auto& x) { return !x.starts_with('"'); }))
    return wrong();
  return std::move(*in->texts("command"));
}

} // namespace orc
