#pragma once

#include "transport/http/url.hpp"
#include "transport/server/http_errors.hpp"
#include "transport/server/router.hpp"
#include "transport/server/services.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace orc::server {

/// One request of the API while it is being answered: what it asks, and the
/// means to find and give an answer. Lives on the GATEWAY.
class call : public std::enable_shared_from_this<call> {
public:
  call(services& under, http::exchange_ptr exchange, match where,
       std::string_view query);

  // -- what it asks -----------------------------------------------------------

  const http::request& request() const noexcept;

  /// Takes the body away.
  std::string take_body();

  /// @returns what stands for `{name}` in the path.
  const std::string& path(std::string_view name) const;

  /// @returns a parameter of the query, or nothing.
  std::optional<std::string> text(std::string_view name) const;

  /// @returns a parameter, `otherwise` if it is not given, or `ec::bad_field`.
  caf::expected<std::uint64_t>
  number(std::string_view name, std::uint64_t otherwise, std::uint64_t least,
         std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;
  caf::expected<bool> flag(std::string_view name) const;

  /// @returns the run that the path and `namespace` name.
  run_ref ref() const;

  /// @returns `ec::bad_field` if the query has what the route does not know, or
  ///          if it or the path has a text that is no UTF-8: what is stored of
  ///          them comes back as JSON.
  caf::error check_parameters() const;

  const http::query& query() const noexcept {
    return query_;
  }

  // -- how to answer it -------------------------------------------------------

  services& under() const noexcept {
    return under_;
  }

  void reply(int status, std::string json);
  void reply(http::response response);
  void fail(const caf::error& why);

  /// Asks the ORCHESTRATOR. If that fails, so does the call; else `f` answers
  /// it from the response.
  template <class Response, class Request, class F>
  void ask(Request question, F f,
           std::chrono::milliseconds at_most = std::chrono::seconds{60});

  /// The same of another actor.
  template <class Response, class Handle, class Request, class F>
  void ask_of(const Handle& whom, Request question, F f,
              std::chrono::milliseconds at_most = std::chrono::seconds{60});

  /// The same of TASKS, which always answers: no clock is wound up for it,
  /// which takes longer than the answer.
  template <class Response, class Request, class F>
  void ask_tasks(Request question, F f);

  /// Calls `f` on the thread of sockets when the client goes away unanswered.
  void on_gone(std::function<void()> f);

  /// Hands the exchange over to somebody who answers it piece by piece.
  http::exchange_ptr release(int status);

private:
  caf::error check_texts() const;

  services& under_;
  http::exchange_ptr exchange_;
  match where_;
  http::query query_;
};

template <class Response, class Request, class F>
void call::ask(Request question, F f, std::chrono::milliseconds at_most) {
  ask_of<Response>(under_.orchestrator, std::move(question), std::move(f),
                   at_most);
}

template <class Response, class Request, class F>
void call::ask_tasks(Request question, F f) {
  if (!under_.tasks)
    return fail(make_error(ec::not_found, "this service has no tasks: its "
                                          "store has no place for them"));
  under_.self->request(under_.tasks, caf::infinite, std::move(question))
    .then([self = shared_from_this(),
           f = std::move(f)](Response& x) mutable { f(x); },
          [self = shared_from_this()](const caf::error& x) { self->fail(x); });
}

template <class Response, class Handle, class Request, class F>
void call::ask_of(const Handle& whom, Request question, F f,
                  std::chrono::milliseconds at_most) {
  if (!whom)
    return fail(make_error(ec::not_found, "this service has no such part: its "
                                          "store has no place for it"));
  under_.self->request(whom, at_most, std::move(question))
    .then([self = shared_from_this(),
           f = std::move(f)](Response& x) mutable { f(x); },
          [self = shared_from_this()](const caf::error& x) { self->fail(x); });
}

/// @returns `ec::bad_field` that names a parameter and what it must be.
caf::error must_be(std::string_view parameter, std::string_view what,
                   std::string_view got);

} // namespace orc::server
