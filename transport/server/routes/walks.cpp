// Batches that walk data sets, page by page. What `/api/v1/run-batches` has is
// another thing: runs that belong together.

#include "transport/server/routes/walks.hpp"

#include "messages/json/json.hpp"
#include "messages/walk/walk_spec.hpp"
#include "messages/walk/walks.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

#include <utility>

namespace orc::server {

namespace {

constexpr parameter batch_parameter{
  "name", place::path, string_schema,
  "Name of the batch; a `/` in it is escaped as `%2F`."};

void reply_view(const call_ptr& x, const walk_view& now) {
  x->reply(200, to_json(now));
}

void start(const call_ptr& x) {
  auto redrive = x->flag("redrive");
  if (!redrive)
    return x->fail(redrive.error());
  x->ask_of<walk_view>(x->under().walks,
                       start_walk{secret{x->take_body()}, *redrive},
                       [x](const walk_view& now) {
                         x->reply(now.completed == 0 ? 201 : 200, to_json(now));
                       });
}

void list(const call_ptr& x) {
  x->ask_of<walk_views>(x->under().walks, list_walks{},
                        [x](const walk_views& found) {
                          x->reply(200, to_json(found));
                        });
}

void show(const call_ptr& x) {
  auto wait = read_wait(*x);
  if (!wait)
    return x->fail(wait.error());
  x->ask_of<walk_view>(
    x->under().walks, wait_walk{x->path("name"), *wait},
    [x](const walk_view& now) { reply_view(x, now); }, *wait + wait_margin);
}

void show_pages(const call_ptr& x) {
  auto limit = read_limit(*x);
  if (!limit)
    return x->fail(limit.error());
  auto state = parse_enum<page_state>(x->text("state").value_or("stuck"));
  if (!state)
    return x->fail(must_be("state", "live, stuck, failed or flawed",
                           x->text("state").value_or("")));
  x->ask_of<walk_page_views>(
    x->under().walks, list_walk_pages{x->path("name"), *state, *limit},
    [x](const walk_page_views& found) { x->reply(200, to_json(found)); });
}

void change(const call_ptr& x, walk_verb verb, std::uint32_t limit = 0) {
  x->ask_of<walk_view>(x->under().walks,
                       change_walk{verb, x->path("name"), limit},
                       [x](const walk_view& now) { reply_view(x, now); });
}

template <walk_verb Verb>
void change_by(const call_ptr& x) {
  change(x, Verb);
}

void set_parallelism(const call_ptr& x) {
  auto wanted = from_json<walk_parallelism>(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  change(x, walk_verb::set_parallelism, wanted->limit);
}

route verb_route(std::string_view path, std::string_view id,
                 std::string_view doc, void (*handle)(const call_ptr&)) {
  return {"POST",
          path,
          id,
          doc,
          {batch_parameter},
          nullptr,
          {{200, "The batch after it.", &schema_for<walk_view>}},
          handle};
}

route start_route() {
  return {"POST",
          "/api/v1/batches",
          "startBatch",
          "Starts a batch, which walks a data set page by page, or joins the "
          "one of that name: it takes over what may change, and tries stuck "
          "pages at once. Answered once it is durable.",
          {{"redrive", place::query, flag_schema,
            "Tries again what failed, too, also of one that is over."}},
          &schema_for<walk_spec>,
          {{201, "None of its pages is done yet.", &schema_for<walk_view>},
           {200, "It was there before.", &schema_for<walk_view>}},
          &start};
}

route list_route() {
  return {"GET",
          "/api/v1/batches",
          "listWalks",
          "Lists batches that walk data sets, the newest first.",
          {},
          nullptr,
          {{200, "Batches; those that go on as they are now.",
            &schema_for<walk_views>}},
          &list};
}

route show_route() {
  return {
    "GET",
    "/api/v1/batches/{name}",
    "getWalk",
    "Shows how a batch stands, at once or when it is over.",
    {batch_parameter,
     {"waitSecs", place::query, wait_schema, "Waits so long for its end."}},
    nullptr,
    {{200, "The batch as it is now.", &schema_for<walk_view>}},
    &show};
}

route pages_route() {
  return {"GET",
          "/api/v1/batches/{name}/pages",
          "listBatchPages",
          "Lists pages that are not over, with the error of their last "
          "attempt.",
          {batch_parameter,
           {"state", place::query,
            R"({"type":"string","enum":["live","stuck","failed","flawed"]})",
            "stuck if not given; flawed: done but for some items."},
           limit_parameter},
          nullptr,
          {{200, "Pages.", &schema_for<walk_page_views>}},
          &show_pages};
}

route parallelism_route() {
  return {"POST",
          "/api/v1/batches/{name}/parallelism",
          "setBatchParallelism",
          "Sets how many pages may be done at a time; the limit before it is "
          "kept. Pages that are being done go on.",
          {batch_parameter},
          &schema_for<walk_parallelism>,
          {{200, "The batch after it.", &schema_for<walk_view>}},
          &set_parallelism};
}

} // namespace

std::vector<route> walk_routes() {
  return {
    start_route(),
    list_route(),
    show_route(),
    pages_route(),
    parallelism_route(),
    verb_route("/api/v1/batches/{name}/restore", "restoreBatchParallelism",
               "Takes the limit back that was before the last one that was "
               "set.",
               &change_by<walk_verb::restore_parallelism>),
    verb_route("/api/v1/batches/{name}/pause", "pauseBatch",
               "Starts no page any more, whatever the limit; those that are "
               "being done go on.",
               &change_by<walk_verb::pause>),
    verb_route("/api/v1/batches/{name}/resume", "resumeBatch",
               "Starts pages again.", &change_by<walk_verb::resume>),
    verb_route("/api/v1/batches/{name}/redrive", "redriveBatch",
               "Tries pages and items again that failed, and stuck pages at "
               "once; a batch that is over goes on.",
               &change_by<walk_verb::redrive>),
    verb_route("/api/v1/batches/{name}/cancel", "cancelBatch",
               "Ends a batch: what is being done is stopped.",
               &change_by<walk_verb::cancel>)};
}

} // namespace orc::server
