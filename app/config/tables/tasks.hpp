#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace orc::app {

/// How tasks of graphs are handed to workers.
struct task_options {
  std::chrono::milliseconds lease{60'000};
  std::string mount;
  std::uint64_t keep_groups_days = 7;
  std::string virtual_operator;
  secret virtual_token;
  bool allow_private = false;

  static constexpr auto fields = describe(
    "tasks", "How tasks of graphs are handed to workers.",
    field("lease", &task_options::lease, presence::optional, "s",
          "A worker that says nothing for so long has lost its task: it goes "
          "to another one."),
    field("mount", &task_options::mount, presence::optional,
          "Path under which the API for workers is found besides, such as "
          "/crew."),
    field("keep_groups_days", &task_options::keep_groups_days,
          presence::optional, "d",
          "Groups are removed so long after they were made, with all their "
          "tasks; 0 means never."),
    field(
      "virtual_operator", &task_options::virtual_operator, presence::optional,
      "URL that, with the name of a channel behind, gets the tasks of every "
      "channel by POST; operators that were made are not asked then."),
    field("virtual_token", &task_options::virtual_token, presence::optional,
          "Bearer token that goes along to that URL."),
    field("allow_private", &task_options::allow_private, presence::optional,
          "Operators may be on this machine and in private networks; they may "
          "anyway while `listen` is loopback."));
};

} // namespace orc::app
