#pragma once

#include "messages/base/error.hpp"
#include "messages/base/message.hpp"
#include "messages/walk/walk_store.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>

namespace orc {

/// Starts a batch, or joins the one of that name: it takes over what may
/// change, such as another processor, and stuck pages are tried at once.
struct start_walk {
  /// JSON; may hold secrets.
  secret spec;
  /// What has failed is tried again, too.
  bool redrive = false;

  static constexpr auto fields
    = describe("start_walk", "Starts or joins a batch.",
               field("spec", &start_walk::spec, "JSON."),
               field("redrive", &start_walk::redrive, "What failed, too."));
};

/// Answered when a batch has ended, or after a time.
struct wait_walk {
  std::string name;
  std::chrono::milliseconds wait{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, wait_walk& x) {
    return f(caf::meta::type_name("wait_walk"), x.name, x.wait);
  }
};

struct list_walks {
  static constexpr auto fields = describe("list_walks", "Asks for batches.");
};

struct walk_views {
  std::vector<walk_view> items;

  static constexpr auto fields
    = describe("data_batches", "Batches, the newest first.",
               field("items", &walk_views::items, "Batches."));
};

enum class walk_verb : std::uint8_t {
  pause,
  resume,
  /// Sets the limit, and keeps the one before.
  set_parallelism,
  /// The limit before the last one that was set.
  restore_parallelism,
  /// Pages and items that failed are tried again; stuck ones at once.
  redrive,
  /// Ends it: what is being done is stopped.
  cancel,
};

template <>
struct enum_names<walk_verb> {
  static constexpr std::array<std::string_view, 6> values{
    "pause", "resume", "parallelism", "restore", "redrive", "cancel"};
};

/// Changes a batch.
struct change_walk {
  walk_verb verb = walk_verb::pause;
  std::string name;
  /// For `set_parallelism`.
  std::uint32_t limit = 0;

  static constexpr auto fields
    = describe("change_walk", "Changes a batch.",
               field("verb", &change_walk::verb, "How."),
               field("name", &change_walk::name, "Which."),
               field("limit", &change_walk::limit, "Pages at a time."));
};

/// Asks for pages that are not over.
struct list_walk_pages {
  std::string name;
  page_state state = page_state::stuck;
  std::uint64_t limit = 100;

  static constexpr auto fields
    = describe("list_walk_pages", "Asks for pages.",
               field("name", &list_walk_pages::name, "Of this batch."),
               field("state", &list_walk_pages::state, "In this state."),
               field("limit", &list_walk_pages::limit, "At most."));
};

struct walk_page_views {
  std::vector<walk_page_view> items;

  static constexpr auto fields
    = describe("batch_pages", "Pages that are not over.",
               field("items", &walk_page_views::items, "Pages."));
};

/// Starts no page any more: the process is about to end. Answered when none is
/// being done, and all is durable.
struct drain_walks {
  /// No longer than that.
  std::chrono::milliseconds patience{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, drain_walks& x) {
    return f(caf::meta::type_name("drain_walks"), x.patience);
  }
};

/// The body of a request that sets the limit of a batch.
struct walk_parallelism {
  std::uint32_t limit = 0;

  static constexpr auto fields = describe(
    "batch_parallelism", "How many pages may be done at a time.",
    field("maxParallelism", &walk_parallelism::limit, "0 starts none."));
};

/// The WALK interface: one batch that is not over. Messages that it gets after
/// its end fail as CAF's do; WALKS asks the store then.
using walk_actor = caf::typed_actor<
  // At once if `wait` is 0.
  caf::replies_to<wait_walk>::with<walk_view>,
  caf::replies_to<change_walk>::with<walk_view>,
  // Another specification for the same batch, from now on.
  caf::replies_to<start_walk>::with<walk_view>,
  caf::replies_to<drain_walks>::with<saved>>;

/// The WALKS interface: all batches. Where a batch is named that there is not,
/// fails with `ec::not_found`. Answers come after what they say is durable.
using walks_actor = caf::typed_actor<
  // Fails with `ec::bad_json`, `ec::bad_field`, or `ec::name_conflict` if there
  // is a batch of that name that reads something else.
  caf::replies_to<start_walk>::with<walk_view>,
  caf::replies_to<wait_walk>::with<walk_view>,
  caf::replies_to<list_walks>::with<walk_views>,
  // Fails with `ec::bad_field` if it makes no sense now, such as to pause what
  // is over.
  caf::replies_to<change_walk>::with<walk_view>,
  caf::replies_to<list_walk_pages>::with<walk_page_views>,
  // Answers when all batches have, or their time is over.
  caf::replies_to<drain_walks>::with<saved>>;

} // namespace orc

#define ORC_WALKS_MESSAGES(X)                                                  \
  X(orc::start_walk)                                                           \
  X(orc::wait_walk)                                                            \
  X(orc::list_walks)                                                           \
  X(orc::drain_walks)                                                          \
  X(orc::walk_view)                                                            \
  X(orc::walk_views)                                                           \
  X(orc::change_walk)                                                          \
  X(orc::list_walk_pages)                                                      \
  X(orc::walk_page_views)

ORC_WALKS_MESSAGES(ORC_DECLARE_MESSAGE)
