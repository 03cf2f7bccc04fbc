#pragma once

#include "messages/task/task.hpp"

namespace orc {

/// Stores an operator, new or changed.
struct save_operator {
  std::uint64_t key = 0;
  task_operator is;
  bool is_new = false;
  /// If not empty, `find_token` finds its key by it.
  std::string token = {};

  static constexpr auto fields = describe(
    "save_operator", "Stores an operator.",
    field("key", &save_operator::key, "Its key."),
    field("is", &save_operator::is, "All of it."),
    field("isNew", &save_operator::is_new, presence::optional, "Not known."),
    field("token", &save_operator::token, presence::optional, "Once."));
};

struct drop_operator {
  std::uint64_t key = 0;

  static constexpr auto fields
    = describe("drop_operator", "Removes an operator.",
               field("key", &drop_operator::key, "Its key."));
};

struct load_operators {
  static constexpr auto fields
    = describe("load_operators", "Asks for all operators.");
};

struct stored_operators {
  /// 22 bits that tell stores apart, for ids.
  std::uint32_t store = 0;
  /// Below all that will be given.
  std::uint64_t last_key = 0;
  /// By growing key.
  std::vector<save_operator> operators;

  static constexpr auto fields
    = describe("stored_operators", "All operators.",
               field("store", &stored_operators::store, "For ids."),
               field("lastKey", &stored_operators::last_key, "Largest."),
               field("operators", &stored_operators::operators, "All."));
};

} // namespace orc
