#pragma once

#include "messages/base/error.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"
#include "messages/base/names.hpp"
#include "messages/walk/walk_spec.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <array>

namespace orc {

/// A processor says where the next page begins, before it has done its own.
struct next_page {
  std::uint64_t page = 0;
  /// Of which attempt, so that a late word of one that was given up counts for
  /// nothing.
  std::uint32_t attempt = 0;
  std::string cursor;
  /// Items of the next page; 0: as many as the batch says.
  std::uint64_t size = 0;

  static constexpr auto fields
    = describe("next_page", "Where the next page begins.",
               field("page", &next_page::page, "After this one."),
               field("attempt", &next_page::attempt, "Of it."),
               field("cursor", &next_page::cursor, "Where."),
               field("size", &next_page::size, "Items."));
};

/// A processor whose pages wait for somebody to do them says whose turn has
/// come: the time of an attempt is that of the work on it. Where it says
/// nothing, pages are worked on from the start.
struct page_turn {
  std::uint64_t page = 0;
  std::uint32_t attempt = 0;
  /// False: it waits, or waits again.
  bool has_come = false;

  static constexpr auto fields
    = describe("page_turn", "A page waits, or waits no more.",
               field("page", &page_turn::page, "Which."),
               field("attempt", &page_turn::attempt, "Of it."),
               field("hasCome", &page_turn::has_come, "It is worked on."));
};

/// Told where next pages begin, and of which the time runs, while pages are
/// being done.
using next_page_sink
  = caf::typed_actor<caf::reacts_to<next_page>, caf::reacts_to<page_turn>>;

/// Asks for one attempt of a page.
struct process_page {
  std::string batch;
  std::uint64_t page = 0;
  std::string cursor;
  std::uint64_t size = 0;
  /// 1 for the first one.
  std::uint32_t attempt = 1;
  /// Any JSON.
  json_text args;
  /// One JSON document a line; none if the processor fetches the page itself.
  json_text items;
  std::uint64_t count = 0;
  /// Which items of the page these are, if not all: those that failed before.
  std::vector<std::uint64_t> only;
  std::chrono::milliseconds timeout{0};
  next_page_sink next;

  template <class Inspector>
  friend auto inspect(Inspector& f, process_page& x) {
    return f(caf::meta::type_name("process_page"), x.batch, x.page, x.cursor,
             x.size, x.attempt, x.args, x.items, x.count, x.only, x.timeout,
             x.next);
  }
};

/// How an attempt of a page ended.
enum class page_end : std::uint8_t {
  done,
  /// It asks to be tried again: nothing is wrong but the moment.
  retry,
  failed,
  /// And it would fail every other time.
  hopeless,
  /// Somebody ended it in the middle: it does not count.
  stopped,
};

template <>
struct enum_names<page_end> {
  static constexpr std::array<std::string_view, 5> values{
    "done", "retry", "failed", "hopeless", "stopped"};
};

/// An item of a page that failed, while the page as a whole did not.
struct item_failure {
  /// Its place in the page, 0 for the first one.
  std::uint64_t item = 0;
  std::string error;

  static constexpr auto fields
    = describe("item_failure", "An item that failed.",
               field("item", &item_failure::item, "Its place in the page."),
               field("error", &item_failure::error, "Why."));
};

struct page_result {
  page_end end = page_end::done;
  /// For people; of an attempt that was not done.
  std::string error;
  /// What `nonRetryable` may name: the type of an exception, an exit code, an
  /// HTTP status.
  std::vector<std::string> types;
  std::vector<item_failure> items;
  /// How many items a page had that its processor fetched itself.
  std::uint64_t count = 0;
  /// It asks for fewer pages at a time: the answer was a 429 or like that.
  bool overloaded = false;

  static constexpr auto fields
    = describe("page_result", "How an attempt of a page ended.",
               field("end", &page_result::end, "How."),
               field("error", &page_result::error, "Why."),
               field("types", &page_result::types, "Names for the error."),
               field("items", &page_result::items, "Items that failed."),
               field("count", &page_result::count, "Items that it fetched."),
               field("overloaded", &page_result::overloaded, "Asks for less."));
};

/// Ends whatever goes on: each attempt is answered with `page_end::stopped`,
/// soon.
struct stop_pages {
  static constexpr auto fields
    = describe("stop_pages", "Ends all attempts that go on.");
};

/// Tells how a batch stands, or does its last step.
struct tell_progress {
  /// A JSON object.
  json_text progress;
  /// Any JSON.
  json_text args;
  std::chrono::milliseconds timeout{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, tell_progress& x) {
    return f(caf::meta::type_name("tell_progress"), x.progress, x.args,
             x.timeout);
  }
};

/// The PAGE PROCESSOR interface: does the pages of one batch. Always replies,
/// at the latest soon after the timeout of the request, in which the page does
/// not wait for its turn; how it ended is in the answer. Ask with
/// `caf::infinite`.
using page_processor_actor
  = caf::typed_actor<caf::replies_to<process_page>::with<page_result>,
                     caf::replies_to<tell_progress>::with<page_result>,
                     caf::reacts_to<stop_pages>>;

/// Asks for a processor.
struct open_page_processor {
  std::string batch;
  walk_processor processor;
  retry_mode mode = retry_mode::at_least_once;

  static constexpr auto fields
    = describe("open_page_processor", "Opens a processor.",
               field("batch", &open_page_processor::batch, "For which."),
               field("processor", &open_page_processor::processor, "Which."),
               field("retryMode", &open_page_processor::mode,
                     "Whether it may do a page twice."));
};

/// The PAGE PROCESSORS interface: opens processors. Whoever asked ends them.
using page_processors_actor = caf::typed_actor<
  // Fails with `ec::bad_field` where there can be none such, such as a class
  // that nobody registered.
  caf::replies_to<open_page_processor>::with<page_processor_actor>>;

} // namespace orc

#define ORC_PAGE_PROCESSOR_MESSAGES(X)                                         \
  X(orc::next_page)                                                            \
  X(orc::page_turn)                                                            \
  X(orc::process_page)                                                         \
  X(orc::page_result)                                                          \
  X(orc::stop_pages)                                                           \
  X(orc::tell_progress)                                                        \
  X(orc::open_page_processor)

ORC_PAGE_PROCESSOR_MESSAGES(ORC_DECLARE_MESSAGE)
