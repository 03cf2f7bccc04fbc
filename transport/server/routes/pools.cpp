// What pools of local workers ask of the service whose tasks they do, and how
// its own pools stand.

#include "messages/pool/pools.hpp"

#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "messages/pool/work_queue.hpp"
#include "transport/server/routes/crew_common.hpp"
#include "transport/server/routes/pools.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc::server {

namespace {

/// TASKS answers it.
work_queue_actor queue_of(const call& x) {
  return caf::actor_cast<work_queue_actor>(x.under().tasks);
}

void loads(const call_ptr& x) {
  auto in = raw_object::read(x->request().body);
  auto wait = read_wait(*x);
  if (!in || !wait)
    return x->fail(!in ? in.error() : wait.error());
  auto channels = in->texts("channels");
  if (in->problem())
    return x->fail(in->problem());
  if (!channels || channels->empty())
    return x->fail(make_error(ec::bad_field, "channels: is missing: name those "
                                             "that you ask about"));
  x->ask_of<channel_loads>(
    queue_of(*x), get_loads{std::move(*channels), *wait},
    [x](const channel_loads& found) { x->reply(200, to_json(found)); },
    *wait + wait_margin);
}

void lose(const call_ptr& x) {
  auto in = raw_object::read(x->request().body);
  if (!in)
    return x->fail(in.error());
  lose_worker request{in->text("workerId").value_or(""), in->any("error")};
  if (in->problem())
    return x->fail(in->problem());
  if (request.worker.empty())
    return x->fail(make_error(ec::bad_field, "workerId: is missing: name the "
                                             "worker that is gone"));
  x->ask_of<lost_tasks>(queue_of(*x), std::move(request),
                        [x](const lost_tasks& found) {
                          x->reply(200, to_json(found));
                        });
}

void set_rules(const call_ptr& x) {
  auto in = raw_object::read(x->request().body);
  if (!in)
    return x->fail(in.error());
  set_channel_rules request{x->path("id"), in->flag("serial")};
  if (in->problem())
    return x->fail(in->problem());
  x->ask_of<channel_loads>(queue_of(*x), std::move(request),
                           [x](const channel_loads& found) {
                             x->reply(200, to_json(found));
                           });
}

void list(const call_ptr& x) {
  const auto& pools = x->under().pools;
  if (!pools)
    return x->reply(200, R"({"pools":[]})");
  x->ask_of<pool_views>(pools, get_pools{}, [x](const pool_views& found) {
    x->reply(200, to_json(found));
  });
}

const schema_maker loads_body = [](schema_book&) {
  return std::string{
    R"({"type":"object","required":["channels"],"properties":{)"
    R"("channels":{"type":"array","items":{"type":"string"},)"
    R"("description":"Which."}}})"};
};

} // namespace

std::vector<route> pool_routes() {
  return {
    {"GET",
     "/api/v1/pools",
     "listPools",
     "Shows the pools of local workers, and how each type stands.",
     {},
     nullptr,
     {{200, "All pools.", &schema_for<pool_views>}},
     &list},
    {"POST",
     "/api/v1/channel_loads",
     "getChannelLoads",
     "Says how many tasks of channels are ready, with workers and to come. Of "
     "use to whoever starts workers.",
     {{"waitSecs", place::query, wait_schema,
       "Waits so long for a ready task if there is none."}},
     loads_body,
     {{200, "One for each channel, in that order.",
       &schema_for<channel_loads>}},
     &loads},
    {"POST",
     "/api/v1/lost_worker",
     "loseWorker",
     "Says that a worker is gone: its tasks go back at once.",
     {},
     &schema_for<lose_worker>,
     {{200, "How many it had.", &schema_for<lost_tasks>}},
     &lose},
    {"PUT",
     "/api/v1/channel/{id}/rules",
     "setChannelRules",
     "Sets whether tasks of a channel with one key are done one after the "
     "other, until the service ends.",
     {channel_parameter},
     &schema_for<set_channel_rules>,
     {{200, "How the channel stands.", &schema_for<channel_loads>}},
     &set_rules}};
}

} // namespace orc::server
