#include "messages/base/error.hpp"
#include "transport/server/call.hpp"
#include "transport/server/event_stream.hpp"
#include "transport/server/routes/common.hpp"

#include <caf/send.hpp>

#include <charconv>

namespace orc::server {

namespace {

caf::expected<std::uint64_t> read_last_id(const http::request& x) {
  auto text = x.headers.get("Last-Event-ID");
  std::uint64_t result = 0;
  auto [stop, error]
    = std::from_chars(text.data(), text.data() + text.size(), result);
  if (!text.empty() && (error != std::errc{} || stop != text.end()))
    return must_be("Last-Event-ID", "the id of an event", text);
  return result;
}

void events(const call_ptr& x) {
  auto last = read_last_id(x->request());
  if (!last)
    return x->fail(last.error());
  if (x->request().method == "HEAD")
    return x->reply({200, {{"Content-Type", "text/event-stream"}}, {}});
  auto& under = x->under();
  auto stream
    = under.self->spawn(event_stream, x->release(200), under.options.heartbeat);
  under.adopt(stream, true);
  under.self->send(under.events,
                   subscribe_events{stream, x->text("namespace").value_or(""),
                                    *last});
}

} // namespace

std::vector<route> event_routes() {
  return {{"GET",
           "/api/v1/events",
           "streamEvents",
           "Streams what happens to runs as Server-Sent Events: `event` is "
           "the kind, such as `run.ended`, `data` the JSON of a run_event.",
           {space_filter,
            {"Last-Event-ID", place::header, count_schema,
             "Goes on after this event, if it is among the last 1000; after a "
             "restart with all that happened since."}},
           nullptr,
           {{200, "Events, until the client leaves.", &schema_for<run_event>,
             "text/event-stream"}},
           &events,
           false,
           dialect::own,
           {},
           "it streams: subscribe to the subjects of events, "
           "orchestrator.<instance>.evt.>"}};
}

} // namespace orc::server
