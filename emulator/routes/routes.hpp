#pragma once

#include "emulator/api/router.hpp"
#include "emulator/platform/platform.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace orc::emulator {

// Each registers the routes of one part of the API. The platform must outlive
// the router.

/// `/v2/users`
void register_user_routes(router& routes, platform& p);

/// `/v2/actors` without runs, `/v2/actor-builds`
void register_actor_routes(router& routes, platform& p);

/// `/v2/actor-tasks` without runs
void register_task_routes(router& routes, platform& p);

/// `POST .../runs`, `.../run-sync`, `.../run-sync-get-dataset-items`
void register_start_routes(router& routes, platform& p);

/// `/v2/actor-runs`: get, change, end
void register_run_routes(router& routes, platform& p);

/// Lists of runs, and the ways to a run that end at another route: the last
/// run of an Apify actor or task, the default storages of a run.
void register_run_list_routes(router& routes, platform& p);

/// `/v2/logs`, `/v2/actor-runs/{runId}/log`, and the events WebSocket
void register_log_routes(router& routes, platform& p);

/// `/v2/webhooks`, `/v2/webhook-dispatches`
void register_webhook_routes(router& routes, platform& p);

/// `/emulator/...`: what the platform has not, for tests
void register_control_routes(router& routes, platform& p);

// -- what they share ----------------------------------------------------------

/// @throws api_error 404
app& require_actor(platform& p, const context& ctx);

/// @throws api_error 404
actor_task& require_task(platform& p, const context& ctx);

/// @returns a run of the caller.
/// @throws api_error 404
run& require_run(platform& p, const context& ctx);

/// @returns the body, parsed; an empty one is an empty object.
/// @throws api_error 400 if it is no JSON object
json_document require_object(context& ctx);

/// @returns `memory` of the query, or `fallback`.
/// @throws api_error 400 unless it is a power of 2 that the platform has
std::int64_t require_memory(const context& ctx, std::int64_t fallback);

/// Answers with a run, as the caller may see it.
void reply_run(platform& p, const context_ptr& ctx, run& x, int status = 200,
               http::fields headers = {});

/// Calls `then` once the run has finished or `waitForFinish` has passed.
/// @param then may find the run gone
void wait_for_finish(platform& p, const context_ptr& ctx, const run& x,
                     std::function<void()> then);

/// What a list answers: `total`, `offset`, `limit`, `desc` and `count`, then
/// what `write_items` writes.
std::string list_json(std::size_t total, std::size_t offset, std::size_t limit,
                      bool desc, std::size_t count,
                      const std::function<void(json_writer&)>& write_items);

/// Answers a list of what is all at hand, by `offset`, `limit` and `desc`.
/// @param items JSON each
void reply_list(const context_ptr& ctx, std::vector<std::string> items);

} // namespace orc::emulator
