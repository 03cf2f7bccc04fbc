#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace orc::app {

/// One Apify account besides the default one.
struct account_entry {
  std::string name;
  secret token;
  std::string token_env;
  std::string token_file;
  std::string base_url;
  std::optional<mebibytes> max_memory;
  std::optional<std::uint64_t> max_runs;

  static constexpr auto fields = describe(
    "accounts", "An Apify account that runs may name.",
    field("name", &account_entry::name, "What runs call it in `account`."),
    field("token", &account_entry::token, presence::optional,
          "Its Apify token; better kept out of this file by one of the next."),
    field("token_env", &account_entry::token_env, presence::optional,
          "Environment variable that holds its token."),
    field("token_file", &account_entry::token_file, presence::optional,
          "File that holds its token."),
    field("base_url", &account_entry::base_url, presence::optional,
          "Apify API to use; the one of the default account if not given."),
    field("max_memory_mbytes", &account_entry::max_memory, presence::optional,
          "MiB", "Memory that our runs may hold together."),
    field("max_concurrent_runs", &account_entry::max_runs, presence::optional,
          "How many of our runs may be live at a time."));
};

} // namespace orc::app
