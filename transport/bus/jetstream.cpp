#include "transport/bus/jetstream.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace orc::bus {

namespace {

constexpr std::string_view api = "$JS.API.";
constexpr std::string_view consumer = "orchestrator";

/// A command that nothing is heard of for so long comes again.
constexpr std::chrono::seconds ack_wait{10};

/// How long the bus itself knows the ids of what it has.
constexpr std::chrono::minutes duplicate_window{2};

std::int64_t nanoseconds(std::chrono::nanoseconds x) {
  return x.count();
}

std::string stream_name(const std::string& instance, std::string_view kind) {
  return fmt::format("orchestrator-{}-{}", instance, kind);
}

/// @param max_age zero: it keeps all.
stream_request
make_stream(const bus_settings& x, std::string_view kind,
            const std::string& subject, std::string_view retention,
            std::chrono::nanoseconds max_age) {
  auto name = stream_name(x.instance, kind);
  auto window = nanoseconds(duplicate_window);
  auto body = fmt::format(
    R"({{"name":{},"subjects":[{}],"retention":"{}","storage":"file",)"
    R"("max_consumers":-1,"max_msgs":-1,"max_bytes":-1,"discard":"old",)"
    R"("max_age":{},"duplicate_window":{},"num_replicas":{}}})",
    json_quote(name), json_quote(subject), retention, nanoseconds(max_age),
    window, x.replicas);
  return {fmt::format("{}STREAM.CREATE.{}", api, name), std::move(body),
          "stream " + name};
}

stream_request make_consumer(const bus_settings& x) {
  auto stream = stream_name(x.instance, "work");
  auto body = fmt::format(
    R"({{"stream_name":{},"config":{{"durable_name":"{}",)"
    R"("deliver_policy":"all","ack_policy":"explicit","ack_wait":{},)"
    R"("max_deliver":-1,"max_ack_pending":{},"replay_policy":"instant"}}}})",
    json_quote(stream), consumer, nanoseconds(ack_wait), x.max_in_flight * 4);
  return {fmt::format("{}CONSUMER.DURABLE.CREATE.{}.{}", api, stream, consumer),
          std::move(body), fmt::format("consumer {} of {}", consumer, stream)};
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> result;
  while (true) {
    auto dot = text.find('.');
    result.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos)
      return result;
    text.remove_prefix(dot + 1);
  }
}

std::uint64_t number(std::string_view text) {
  std::uint64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

stream_answer failed(std::int64_t code, std::string why) {
  stream_answer result;
  result.error_code = code;
  result.error = std::move(why);
  return result;
}

} // namespace

std::vector<stream_request> make_streams(const bus_settings& x) {
  auto subjects = bus_subjects{x.instance};
  return {make_stream(x, "evt", subjects.events + ">", "limits", x.keep_events),
          make_stream(x, "parked", subjects.parked, "limits", x.keep_parked),
          make_stream(x, "work", subjects.work + ">", "workqueue", {}),
          make_consumer(x)};
}

stream_answer read_stream_answer(const bus_message& x) {
  if (auto status = x.header("Status"); !status.empty())
    return failed(static_cast<std::int64_t>(number(status)),
                  status == "503" ? "JetStream is not enabled, or has no such "
                                    "stream"
                                  : std::string{x.header("Description")});
  auto answer = raw_object::read(x.data.view());
  if (!answer)
    return failed(1, "JetStream answers what is no JSON");
  if (auto problem = answer->any("error"); !problem.empty()) {
    auto error = raw_object::read(problem.view());
    if (!error)
      return failed(1, "JetStream answers an error that is no object");
    return failed(error->integer("err_code", 1),
                  error->text("description").value_or("refused"));
  }
  stream_answer result;
  result.stream = answer->text("stream").value_or("");
  result.sequence = static_cast<std::uint64_t>(answer->integer("seq", 0));
  result.duplicate = answer->flag("duplicate");
  return result;
}

bool is_settled_elsewhere(const stream_answer& x) {
  // Of a stream; of a consumer.
  return x.error_code == 10058 || x.error_code == 10148 || x.error_code == 10105
         || x.error_code == 10012;
}

bus_message make_pull(const std::string& instance, std::uint32_t most,
                      std::chrono::milliseconds patience, std::string inbox) {
  bus_message result;
  result.subject = fmt::format("{}CONSUMER.MSG.NEXT.{}.{}", api,
                               stream_name(instance, "work"), consumer);
  result.reply = std::move(inbox);
  result.data = json_text{
    fmt::format(R"({{"batch":{},"expires":{}}})", most, nanoseconds(patience))};
  return result;
}

// The reply of a delivery tells all about it:
//   $JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<of the consumer>
//     .<time>.<pending>
// and with a domain and an account before the stream in newer servers.
std::optional<bus_work> read_work(const bus_message& x) {
  auto parts = split(x.reply);
  if (parts.size() < 9 || parts[0] != "$JS" || parts[1] != "ACK")
    return std::nullopt;
  std::size_t at = parts.size() == 9 ? 4 : 6;
  if (parts.size() < at + 4)
    return std::nullopt;
  bus_work result;
  result.message = x;
  result.message.reply.clear();
  result.token = x.reply;
  result.deliveries = number(parts[at]);
  result.sequence = number(parts[at + 1]);
  result.stored_at = number(parts[at + 3]);
  return result;
}

bus_message make_settlement(const settle_work& x) {
  bus_message result;
  result.subject = x.token;
  switch (x.end) {
    case work_end::done:
      result.data = json_text{"+ACK"};
      break;
    case work_end::retry:
      result.data = json_text{
        fmt::format(R"(-NAK {{"delay":{}}})", nanoseconds(x.pause))};
      break;
    case work_end::hopeless:
      result.data = json_text{"+TERM"};
      break;
    case work_end::progress:
      result.data = json_text{"+WPI"};
      break;
  }
  return result;
}

} // namespace orc::bus
