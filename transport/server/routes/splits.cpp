#include "messages/json/json.hpp"
#include "messages/split_submission.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

namespace orc::server {

namespace {

/// All parts have to reach the disk.
constexpr std::chrono::minutes split_timeout{10};

void split(const call_ptr& x) {
  auto wanted = from_json<split_submission>(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  auto question = to_message(std::move(*wanted));
  if (!question)
    return x->fail(question.error());
  auto status = question->dry_run ? 200 : 201;
  x->ask_of<split_result>(
    x->under().splits, std::move(*question),
    [x, status](const split_result& cut) { x->reply(status, to_json(cut)); },
    split_timeout);
}

} // namespace

std::vector<route> split_routes() {
  return {{"POST",
           "/api/v1/splits",
           "split",
           "Cuts a list of items into runs. Answers when every part is "
           "durable. The same list again has the same parts, a longer one has "
           "more; no part is started twice.",
           {},
           &schema_for<split_submission>,
           {{200, "How the list would be cut.", &schema_for<split_result>},
            {201, "How the list was cut.", &schema_for<split_result>}},
           &split,
           false,
           dialect::own,
           "split.submit"}};
}

} // namespace orc::server
