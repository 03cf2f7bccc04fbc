#pragma once

#include "messages/apify_api/account.hpp"
#include "messages/apify_api/items.hpp"
#include "messages/apify_api/log.hpp"
#include "messages/apify_api/runs.hpp"
#include "messages/apify_api/usage.hpp"
#include "messages/base/error.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// The APIFY API interface: the platform as one account sees it. What may be
/// repeated (all but starts) is repeated with back-off on 429, 5xx and network
/// errors, at most 8 times; the error that remains tells by its `ec`:
/// `unauthorized`, `forbidden`, `not_found`, `invalid_input`,
/// `input_too_large`, `memory_refused`, `slots_refused`, `billing_refused`,
/// `api_refused`; `rate_limited`, `not_sent`: surely nothing happened;
/// `answer_lost`, `bad_answer`: it may have been carried out.
using apify_api_actor
  = caf::typed_actor<caf::replies_to<start_remote_run>::with<remote_run>,
                     caf::replies_to<get_remote_run>::with<remote_run>,
                     caf::replies_to<list_remote_runs>::with<remote_runs>,
                     caf::replies_to<abort_remote_run>::with<remote_run>,
                     // Not repeated by the APIFY API after a lost answer: look
                     // at the run first.
                     caf::replies_to<resurrect_remote_run>::with<remote_run>,
                     caf::replies_to<get_input>::with<json_text>,
                     // Reads the whole log, up to 10 MB, since the platform
                     // knows no ranges: ask seldom.
                     caf::replies_to<get_log_end>::with<log_end>,
                     caf::replies_to<get_limits>::with<account_limits>,
                     caf::replies_to<get_user>::with<remote_user>,
                     caf::replies_to<get_target>::with<target_defaults>,
                     caf::replies_to<count_items>::with<item_counts>,
                     caf::replies_to<get_items>::with<items_page>,
                     // Replies at once, from the last `Date` header; this
                     // machine's clock before there was one.
                     caf::replies_to<get_server_time>::with<timestamp>,
                     caf::replies_to<get_api_usage>::with<api_usage>>;

} // namespace orc
