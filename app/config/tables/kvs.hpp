#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/secret.hpp"

#include <string>

namespace orc::app {

/// Where the state is kept with `store = "kvs"`.
struct kvs_options {
  std::string store;
  std::string prefix = "ORCHESTRATOR-";
  secret encryption_key;
  std::string encryption_key_env;
  std::string encryption_key_file;

  static constexpr auto fields = describe(
    "kvs", "The Apify key-value store that keeps the state, with store = kvs.",
    field("store", &kvs_options::store, presence::optional,
          "Its id, or its name: then it is made if it is not there. Inside an "
          "Apify actor: the default store of the run if not given."),
    field("prefix", &kvs_options::prefix, presence::optional,
          "All its records begin with it: two orchestrators in one store need "
          "two prefixes."),
    field("encryption_key", &kvs_options::encryption_key, presence::optional,
          "Encrypts the records: 32 bytes in base64, or a passphrase."),
    field("encryption_key_env", &kvs_options::encryption_key_env,
          presence::optional, "Environment variable that holds that key."),
    field("encryption_key_file", &kvs_options::encryption_key_file,
          presence::optional, "File that holds that key."));
};

} // namespace orc::app
