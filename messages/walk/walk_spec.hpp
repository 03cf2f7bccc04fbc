#pragma once

#include "messages/run_request.hpp"
#include "messages/walk/source.hpp"

#include <caf/expected.hpp>

#include <chrono>

namespace orc {

/// What a page that did not succeed may cost.
enum class retry_mode : std::uint8_t {
  /// It is tried until it succeeds; it may be done twice.
  at_least_once,
  /// It is started once, whatever happens.
  at_most_once,
};

template <>
struct enum_names<retry_mode> {
  static constexpr std::array<std::string_view, 2> values{"at-least-once",
                                                          "at-most-once"};
};

/// Who does the pages of a batch.
enum class processor_kind : std::uint8_t {
  /// A local program, once a page.
  command,
  /// An HTTP endpoint, a POST a page.
  http,
  /// Workers of a channel, a task a page.
  task,
  /// An Apify actor or Apify task, a run a page.
  run,
  /// A class of the host program, by the name it is registered under.
  native,
};

template <>
struct enum_names<processor_kind> {
  static constexpr std::array<std::string_view, 5> values{
    "command", "http", "task", "run", "class"};
};

/// Who does the pages of a batch, or its last step, or is told how it stands.
/// Which members there may be depends on the kind; `check` knows.
struct walk_processor {
  processor_kind kind = processor_kind::command;
  /// Of command: an array of words, or one string for the shell.
  json_text command;
  /// Of http.
  secret url;
  std::string url_env;
  std::map<std::string, secret> headers;
  std::map<std::string, std::string> headers_env;
  /// Of task.
  std::string channel;
  std::int64_t priority = 0;
  /// Of run: either of them, and what a run request may have besides.
  std::string actor;
  std::string task;
  json_text input;
  run_options options;
  std::string account;
  /// Of class.
  std::string name;
  /// Any JSON; goes to the processor as it is.
  json_text args;
  /// How long one call may take; of a page see `pageTimeoutSecs`.
  std::optional<double> timeout_secs;

  static constexpr auto fields = describe(
    "batch_processor", "Who does the pages of a batch.",
    field("kind", &walk_processor::kind, "command, http, task, run or class."),
    field("command", &walk_processor::command, presence::optional,
          "Of command: an array of words, or one string for the shell."),
    field("url", &walk_processor::url, presence::optional,
          "Of http: gets a POST for each page."),
    field("urlEnv", &walk_processor::url_env, presence::optional,
          "The environment variable that has the URL."),
    field("headers", &walk_processor::headers, presence::optional,
          "Of http: fields of the requests."),
    field("headersEnv", &walk_processor::headers_env, presence::optional,
          "Same, with names of environment variables for values."),
    field("channel", &walk_processor::channel, presence::optional,
          "Of task: whose workers do the pages."),
    field("priority", &walk_processor::priority, presence::optional,
          "Of task and run: higher first."),
    field("actor", &walk_processor::actor, presence::optional,
          "Of run: id or user/name of an Apify actor."),
    field("task", &walk_processor::task, presence::optional,
          "Of run: id or user/name of an Apify task."),
    field("input", &walk_processor::input, presence::optional,
          "Of run: its input, in which `$items` stands for the page's."),
    field("options", &walk_processor::options, presence::optional,
          "Of run: how the platform shall run it."),
    field("account", &walk_processor::account, presence::optional,
          "Of run: name of a configured account."),
    field("name", &walk_processor::name, presence::optional,
          "Of class: the name that the host program gave it."),
    field("args", &walk_processor::args, presence::optional,
          "Any JSON; the processor gets it as it is."),
    field("timeoutSecs", &walk_processor::timeout_secs, presence::optional, "s",
          "Of a tracker or the last step: how long a call may take."));
};

/// How the limit of parallel pages grows.
struct walk_ramp {
  /// By one after each round without an error; halved by one.
  bool automatic = false;
  std::uint32_t from = 1;
  /// `maxParallelism` if not given.
  std::optional<std::uint32_t> to;
  double over_secs = 0;

  static constexpr auto fields = describe(
    "batch_ramp", "How the limit of parallel pages grows.",
    field("auto", &walk_ramp::automatic, presence::optional,
          "By one after each round without an error; halved after one."),
    field("from", &walk_ramp::from, presence::optional, "At the start."),
    field("to", &walk_ramp::to, presence::optional,
          "At the end; maxParallelism if not given."),
    field("overSecs", &walk_ramp::over_secs, presence::optional, "s",
          "How long that takes."));
};

/// A batch: a data set that is walked page by page, each page done in parallel.
struct walk_spec {
  std::string name;
  walk_source source;
  std::uint64_t page_size = 100;
  walk_processor processor;
  std::uint32_t max_parallelism = 4;
  /// A `walk_ramp`, or the string `auto`.
  json_text ramp_up;
  retry_mode mode = retry_mode::at_least_once;
  std::optional<std::uint32_t> initial_attempts;
  double initial_backoff_secs = 1;
  /// 0: a page whose initial attempts are used up has failed.
  std::optional<double> extended_retry_secs;
  std::vector<std::string> non_retryable;
  double page_timeout_secs = 300;
  /// 0: none.
  double batch_timeout_secs = 0;
  std::optional<walk_processor> tracker;
  double tracker_interval_secs = 300;
  std::optional<walk_processor> reduce;
  /// Where the walk begins, such as at the cursor at which a chain broke.
  std::string first_cursor;
  json_text args;
  /// For the estimate of the time that is left.
  std::optional<std::uint64_t> expected_items;

  static constexpr auto fields = describe(
    "batch_spec", "A data set to be walked page by page.",
    field("name", &walk_spec::name,
          "The same name again joins. 1 to 200 letters, digits and "
          "`-_./:@`."),
    field("source", &walk_spec::source, "Where the items come from."),
    field("pageSize", &walk_spec::page_size, presence::optional,
          "Items a page, 1 to 1,000,000; 100 if not given."),
    field("processor", &walk_spec::processor, "Who does the pages."),
    field("maxParallelism", &walk_spec::max_parallelism, presence::optional,
          "Pages at a time; 0 starts none; 4 if not given."),
    field("rampUp", &walk_spec::ramp_up, presence::optional,
          "How the limit grows: {\"from\",\"to\",\"overSecs\"}, or "
          "\"auto\"."),
    field("retryMode", &walk_spec::mode, presence::optional,
          "at-least-once (if not given) or at-most-once."),
    field("initialAttempts", &walk_spec::initial_attempts, presence::optional,
          "Before a page is stuck; 10 if not given. 1 for at-most-once."),
    field("initialBackoffSecs", &walk_spec::initial_backoff_secs,
          presence::optional, "s",
          "Before the second attempt; twice as much before each other one, at "
          "most 100; 1 if not given."),
    field("extendedRetrySecs", &walk_spec::extended_retry_secs,
          presence::optional, "s",
          "How often stuck pages are tried again once all others are done; 0: "
          "they have failed; 300 if not given. None for at-most-once."),
    field("nonRetryable", &walk_spec::non_retryable, presence::optional,
          "Types of errors after which a page has failed at once, such as "
          "`ValueError` or `exit-3`."),
    field("pageTimeoutSecs", &walk_spec::page_timeout_secs, presence::optional,
          "s", "For an attempt of a page; 300 if not given."),
    field("batchTimeoutSecs", &walk_spec::batch_timeout_secs,
          presence::optional, "s", "For all of it; 0 or nothing: none."),
    field("tracker", &walk_spec::tracker, presence::optional,
          "Who is told how the batch stands: at its start, from time to time, "
          "and at its end."),
    field("trackerIntervalSecs", &walk_spec::tracker_interval_secs,
          presence::optional, "s", "How often; 300 if not given."),
    field("reduce", &walk_spec::reduce, presence::optional,
          "Who does the last step, when all pages are done."),
    field("firstCursor", &walk_spec::first_cursor, presence::optional,
          "Where the walk begins; at the start if not given."),
    field("args", &walk_spec::args, presence::optional,
          "Any JSON; the processor gets it, unless it has its own."),
    field("expectedItems", &walk_spec::expected_items, presence::optional,
          "How many items there are, for an estimate of the time left."));
};

/// How a batch goes about its pages: what `check` has found good.
struct walk_rules {
  std::uint64_t page_size = 1;
  retry_mode mode = retry_mode::at_least_once;
  std::uint32_t initial_attempts = 10;
  std::chrono::milliseconds initial_backoff{1'000};
  /// 0: none.
  std::chrono::milliseconds extended_retry{300'000};
  std::chrono::milliseconds page_timeout{300'000};
  /// 0: none.
  std::chrono::milliseconds batch_timeout{0};
  std::vector<std::string> non_retryable;
  std::optional<walk_ramp> ramp;
  /// The processor fetches its pages itself.
  bool self_fed = false;
};

/// Reads and checks a specification.
/// @returns `ec::bad_json` or `ec::bad_field`, which names the member.
[[nodiscard]] caf::expected<walk_spec> read_walk_spec(std::string_view text);

/// @pre `read_walk_spec` took it
walk_rules rules_of(const walk_spec& x);

/// @returns whether two specifications, as they were given, read the same
///          data: all else may change while a batch lives.
bool reads_the_same(std::string_view spec, std::string_view other);

} // namespace orc
