#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

// The pages of a batch, done by a host program. This header needs nothing else
// of ours.

/// One attempt of a page. Valid until `page_class::process` returns.
struct page_call {
  std::string_view batch;
  /// From 0.
  std::uint64_t page = 0;
  std::string_view cursor;
  /// Items that a page has, if not the last one.
  std::uint64_t size = 0;
  /// 1 for the first one.
  std::uint32_t attempt = 1;
  /// JSON; "" if there are none.
  std::string_view args;
  /// One JSON document a line; none if the class fetches the page itself.
  std::string_view items;
  /// How many there are in it.
  std::uint64_t count = 0;
  /// Places of the items, if they are not all of the page: they failed before.
  const std::vector<std::uint64_t>* only = nullptr;
  /// What is left to do it in. Nobody ends a call that takes longer.
  std::chrono::milliseconds timeout{0};
  /// Tells where the next page begins, as soon as that is known, at most once;
  /// on the last page not at all. Only where the class fetches its pages
  /// itself: else, as after `process` has returned, it throws an
  /// `std::logic_error` that says so. May be called from this thread only.
  std::function<void(std::string cursor)> enqueue_next_page;
  /// Tells that an item failed, while the page goes on. From this thread only.
  std::function<void(std::uint64_t item, std::string error)> fail_item;
};

/// How an attempt ended.
struct page_outcome {
  enum class end : std::uint8_t {
    done,
    /// To be tried again: nothing is wrong but the moment.
    retry,
    failed,
    /// And it would fail every other time.
    hopeless,
  };

  end how = end::done;
  std::string error;
  /// What `nonRetryable` may name.
  std::string type;
  /// Items that the class fetched itself.
  std::uint64_t items = 0;
};

/// Does the pages of batches whose processor is `{"kind":"class","name":…}`.
class page_class {
public:
  virtual ~page_class() = default;

  /// Called on a thread of its own, for as many pages at a time as the batch
  /// may do: one object for each of them. An exception is a failure; its type
  /// is in `nonRetryable` by the name that the compiler gives it.
  virtual page_outcome process(const page_call& page) = 0;

  /// Told how the batch stands, as a tracker or as its last step: a JSON
  /// object.
  virtual page_outcome tell(std::string_view progress);
};

/// Makes objects of a class, each for one page after the other.
using page_class_factory = std::function<std::unique_ptr<page_class>()>;

/// Classes by the names that specifications call them.
using page_classes = std::map<std::string, page_class_factory>;

} // namespace orc
