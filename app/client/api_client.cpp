#include "app/client/api_client.hpp"

#include "app/client/http_call.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

/// Cuts an answer into lines.
class line_sink final : public http::answer_sink {
public:
  explicit line_sink(std::function<void(const std::string&)> f)
    : f_{std::move(f)} {
    // nop
  }

  void on_head(http::response head, std::function<void()>) override {
    is_good_ = head.status < 400;
  }

  void on_piece(std::string piece, std::function<void()> go_on) override {
    text_ += piece;
    for (auto end = text_.find('\n'); is_good_ && end != std::string::npos;
         end = text_.find('\n')) {
      f_(text_.substr(0, end));
      text_.erase(0, end + 1);
    }
    go_on();
  }

  const std::string& rest() const noexcept {
    return text_;
  }

private:
  std::function<void(const std::string&)> f_;
  std::string text_;
  bool is_good_ = false;
};

std::string without_slash(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

/// What a status says where an answer has no type of error.
ec code_of_status(int x) {
  switch (x) {
    case 400:
      return ec::bad_field;
    case 404:
      return ec::not_found;
    case 409:
      return ec::not_assigned;
    default:
      // It is busy, has just begun, is about to stop or cannot write now, or a
      // proxy before it cannot reach it: that may pass.
      return x >= 500 || x == 429 ? ec::answer_lost : ec::api_refused;
  }
}

/// @returns what an answer that is no success says.
caf::error refusal(const http::response& x, const std::string& url) {
  if (x.status == 401 || x.status == 403)
    return make_error(ec::unauthorized,
                      fmt::format("{} refuses the token: give --token or set "
                                  "ORCHESTRATOR_TOKEN",
                                  url));
  auto answer = from_json<error_answer>(x.body);
  if (answer) {
    auto code = code_of_status(x.status);
    return make_error(x.status == 404           ? ec::unknown_run
                      : code == ec::answer_lost ? code
                                                : ec::api_refused,
                      answer->error.message, answer->error.type);
  }
  if (auto crew = raw_object::read(x.body))
    if (auto message = crew->text("message"))
      return make_error(code_of_status(x.status), *message);
  // A proxy says that in words of its own.
  if (x.status == 413)
    return make_error(ec::api_refused,
                      fmt::format("{} takes no request of that size", url),
                      "request-too-large");
  return make_error(ec::bad_answer,
                    fmt::format("{} answers {}: is it this service?", url,
                                x.status));
}

} // namespace

api_client::api_client(std::string url, secret token)
  : url_{without_slash(std::move(url))}, token_{std::move(token)}, client_{
                                                                     runtime_,
                                                                     {}} {
  // nop
}

caf::expected<std::string>
api_client::get(const std::string& target, std::chrono::seconds patience) {
  http::outgoing request;
  request.timeout = patience + 60s;
  return send(std::move(request), target);
}

caf::expected<std::string>
api_client::post(const std::string& target, std::string body) {
  return send_body("POST", target, std::move(body));
}

caf::expected<std::string>
api_client::put(const std::string& target, std::string body) {
  return send_body("PUT", target, std::move(body));
}

void api_client::stop() {
  client_.stop();
}

caf::expected<std::string> api_client::remove(const std::string& target) {
  http::outgoing request;
  request.method = "DELETE";
  return send(std::move(request), target);
}

caf::expected<std::string>
api_client::send_body(const char* method, const std::string& target,
                      std::string body) {
  http::outgoing request;
  request.method = method;
  request.headers.set("Content-Type", "application/json");
  request.body = std::make_shared<const std::string>(std::move(body));
  return send(std::move(request), target);
}

std::string api_client::path_of(const run_ref& ref, const std::string& rest) {
  return path_of("runs", ref, rest);
}

std::string api_client::path_of(std::string_view collection, const run_ref& ref,
                                const std::string& rest) {
  auto result = fmt::format("/api/v1/{}/{}{}", collection,
                            http::percent_encode(ref.name), rest);
  if (ref.space != "default")
    result += fmt::format("{}namespace={}",
                          rest.find('?') == std::string::npos ? "?" : "&",
                          http::percent_encode(ref.space));
  return result;
}

caf::error api_client::stream(const std::string& target,
                              std::function<void(const std::string& line)> f) {
  auto lines = std::make_shared<line_sink>(std::move(f));
  http::outgoing request;
  request.sink = lines;
  auto answer = exchange(std::move(request), target);
  if (!answer)
    return std::move(answer.error());
  if (answer->status < 400)
    return {};
  answer->body = lines->rest();
  return refusal(*answer, url_);
}

caf::expected<std::string>
api_client::send(http::outgoing request, const std::string& target) {
  auto answer = exchange(std::move(request), target);
  if (!answer)
    return std::move(answer.error());
  if (answer->status >= 400)
    return refusal(*answer, url_);
  return std::move(answer->body);
}

caf::expected<http::response>
api_client::exchange(http::outgoing request, const std::string& target) {
  auto url = http::parse_url(url_ + target);
  if (!url)
    return make_error(ec::bad_config,
                      fmt::format("--url: {} is no http or https URL", url_));
  request.url = *url;
  if (!token_.empty())
    request.headers.set("Authorization", "Bearer " + token_.reveal());
  auto answer = call(client_, std::move(request));
  if (const auto* failed = std::get_if<http::send_error>(&answer)) {
    if (failed->kind == http::failure::not_sent)
      return make_error(ec::not_sent,
                        fmt::format("no service at {}: start one with "
                                    "`apify-orchestrator serve` ({})",
                                    url_, failed->message));
    return make_error(ec::answer_lost, fmt::format("{} gave no answer: {}",
                                                   url_, failed->message));
  }
  return std::move(std::get<http::response>(answer));
}

bool may_pass(const caf::error& x) {
  auto code = code_of(x);
  return code == ec::not_sent || code == ec::answer_lost
         || code == ec::bad_answer;
}

} // namespace orc::app
