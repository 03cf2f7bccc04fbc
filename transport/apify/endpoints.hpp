#pragma once

#include "messages/apify_api.hpp"
#include "messages/apify_storage.hpp"
#include "transport/apify/api_call.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc::apify {

/// @returns an id as it stands in a path: `user/name` becomes `user~name`.
std::string path_id(std::string id);

/// Knows the platform's paths, parameters and headers: makes a call of a
/// message. The token travels in a header, never in a URL, since URLs end up in
/// logs.
class endpoints {
public:
  /// @param base_url `https://api.apify.com`; a `/v2` or `/` at its end does
  ///                 not matter.
  endpoints(std::string_view base_url, const secret& token);

  api_call make(const start_remote_run& x) const;
  api_call make(const get_remote_run& x) const;
  api_call make(const list_remote_runs& x) const;
  api_call make(const abort_remote_run& x) const;
  api_call make(const resurrect_remote_run& x) const;
  api_call make(const get_input& x) const;
  api_call make(const get_log_end& x) const;
  api_call make(const get_limits& x) const;
  api_call make(const get_user& x) const;
  api_call make(const get_target& x) const;
  api_call make(const count_items& x) const;
  api_call make(const get_items& x) const;

  // storage_endpoints.cpp
  api_call make(const open_record_store& x) const;
  api_call make(const get_record& x) const;
  api_call make(const put_record& x) const;
  api_call make(const delete_record& x) const;
  api_call make(const list_records& x) const;
  api_call make(const find_dataset& x) const;
  api_call make(const open_dataset& x) const;
  api_call make(const push_items& x) const;
  api_call make(const set_status_message& x) const;
  api_call make(const reboot_remote_run& x) const;

  /// @returns the call that follows a redirect. The token goes along only to
  ///          the origin that it is meant for.
  /// @param location the header of that name: a URL or a path.
  std::optional<api_call>
  follow(const api_call& from, std::string_view location) const;

  /// @returns the URL without its path, for messages.
  std::string origin() const;

private:
  api_call make_call(call_kind kind, const char* method, std::string path,
                     std::string subject) const;

  http::url base_;
  std::string prefix_;
  std::string authorization_;
};

} // namespace orc::apify
