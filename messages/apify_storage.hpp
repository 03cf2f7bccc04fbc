#pragma once

#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace orc {

/// Asks for the key-value store of the account that has a name; it is made if
/// there is none.
struct open_record_store {
  std::string name;

  static constexpr auto fields
    = describe("open_record_store", "Asks for a key-value store by its name.",
               field("name", &open_record_store::name, "Its name."));
};

struct record_store {
  std::string id;

  static constexpr auto fields
    = describe("record_store", "Answers open_record_store.",
               field("id", &record_store::id, "The platform's id."));
};

/// Asks for a record of a key-value store.
struct get_record {
  std::string store_id;
  std::string key;

  static constexpr auto fields
    = describe("get_record", "Asks for a record.",
               field("storeId", &get_record::store_id, "Where it is."),
               field("key", &get_record::key, "Its key."));
};

/// The body of a record: any bytes, of any content type.
struct stored_record {
  json_text body;

  static constexpr auto fields
    = describe("stored_record", "Answers get_record.",
               field("body", &stored_record::body, "As it was put."));
};

/// Puts a record in place of what its key had.
struct put_record {
  std::string store_id;
  std::string key;
  std::string content_type;
  /// At most 9,437,184 bytes.
  json_text body;

  static constexpr auto fields
    = describe("put_record", "Puts a record.",
               field("storeId", &put_record::store_id, "Where."),
               field("key", &put_record::key, "Its key."),
               field("contentType", &put_record::content_type, "MIME type."),
               field("body", &put_record::body, "What to put."));
};

struct delete_record {
  std::string store_id;
  std::string key;

  static constexpr auto fields
    = describe("delete_record", "Deletes a record, if it is there.",
               field("storeId", &delete_record::store_id, "Where."),
               field("key", &delete_record::key, "Its key."));
};

/// Answers what has nothing to tell but that it is done.
struct storage_changed {
  static constexpr auto fields = describe("storage_changed", "It is done.");
};

/// Asks for a page of the keys of a store, in their order.
struct list_records {
  std::string store_id;
  std::string prefix;
  /// Only keys behind this one.
  std::string after;

  static constexpr auto fields
    = describe("list_records", "Asks for keys.",
               field("storeId", &list_records::store_id, "Where."),
               field("prefix", &list_records::prefix, "Only such keys."),
               field("after", &list_records::after, "Only keys behind it."));
};

struct record_keys {
  std::vector<std::string> keys;
  /// What to ask on with; empty on the last page.
  std::string next;

  static constexpr auto fields
    = describe("record_keys", "A page of keys.",
               field("keys", &record_keys::keys, "In order."),
               field("next", &record_keys::next, "Ask on behind it."));
};

/// Asks for a dataset by its id, or by `user~name`.
struct find_dataset {
  std::string dataset_id;

  static constexpr auto fields
    = describe("find_dataset", "Asks for a dataset.",
               field("datasetId", &find_dataset::dataset_id, "Which."));
};

/// Asks for the dataset of the account that has a name; it is made if there is
/// none.
struct open_dataset {
  std::string name;

  static constexpr auto fields
    = describe("open_dataset", "Asks for a dataset by its name.",
               field("name", &open_dataset::name, "Its name."));
};

struct remote_dataset {
  std::string id;
  /// The run whose default dataset it is; empty if it is of none.
  std::string run_id;

  static constexpr auto fields
    = describe("remote_dataset", "A dataset.",
               field("id", &remote_dataset::id, "The platform's id."),
               field("actRunId", &remote_dataset::run_id, "Its run."));
};

/// Appends items to a dataset. Not repeated by the APIFY API after a lost
/// answer: the items may be there.
struct push_items {
  std::string dataset_id;
  /// An array of JSON.
  json_text items;

  static constexpr auto fields
    = describe("push_items", "Appends items to a dataset.",
               field("datasetId", &push_items::dataset_id, "Where."),
               field("items", &push_items::items, "An array."));
};

/// Sets what people read beside the status of a run.
struct set_status_message {
  std::string run_id;
  std::string text;
  /// It is the last one.
  bool is_terminal = false;

  static constexpr auto fields = describe(
    "set_status_message", "Sets the status message of a run.",
    field("runId", &set_status_message::run_id, "Whose."),
    field("text", &set_status_message::text, "One sentence."),
    field("isTerminal", &set_status_message::is_terminal, "The last one?"));
};

/// Restarts the container of a run.
struct reboot_remote_run {
  std::string run_id;

  static constexpr auto fields
    = describe("reboot_remote_run", "Restarts the container of a run.",
               field("runId", &reboot_remote_run::run_id, "Whose."));
};

/// The APIFY STORAGE interface: what the platform keeps for an Apify actor, and
/// what one may do to its own run. The actor behind it is an APIFY API: repeats
/// and errors are the same.
using apify_storage_actor
  = caf::typed_actor<caf::replies_to<open_record_store>::with<record_store>,
                     // Fails with `ec::not_found` if there is none.
                     caf::replies_to<get_record>::with<stored_record>,
                     // Fails with `ec::input_too_large`.
                     caf::replies_to<put_record>::with<storage_changed>,
                     caf::replies_to<delete_record>::with<storage_changed>,
                     caf::replies_to<list_records>::with<record_keys>,
                     // Fails with `ec::not_found` if there is none.
                     caf::replies_to<find_dataset>::with<remote_dataset>,
                     caf::replies_to<open_dataset>::with<remote_dataset>,
                     caf::replies_to<push_items>::with<storage_changed>,
                     caf::replies_to<set_status_message>::with<storage_changed>,
                     caf::replies_to<reboot_remote_run>::with<storage_changed>>;

} // namespace orc

#define ORC_APIFY_STORAGE_MESSAGES(X)                                          \
  X(orc::open_record_store)                                                    \
  X(orc::record_store)                                                         \
  X(orc::get_record)                                                           \
  X(orc::stored_record)                                                        \
  X(orc::put_record)                                                           \
  X(orc::delete_record)                                                        \
  X(orc::storage_changed)                                                      \
  X(orc::list_records)                                                         \
  X(orc::record_keys)                                                          \
  X(orc::find_dataset)                                                         \
  X(orc::open_dataset)                                                         \
  X(orc::remote_dataset)                                                       \
  X(orc::push_items)                                                           \
  X(orc::set_status_message)                                                   \
  X(orc::reboot_remote_run)

ORC_APIFY_STORAGE_MESSAGES(ORC_DECLARE_MESSAGE)
