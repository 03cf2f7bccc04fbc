#pragma once

#include "emulator/api/context.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace orc::emulator {

/// Whether a route wants a valid token.
enum class access : std::uint8_t {
  /// Without one the answer is 401.
  token,
  /// A token is looked at if there is one: `context::caller` may be null.
  open,
};

struct route_options {
  orc::emulator::access access = orc::emulator::access::token;
  /// Calls of one account a second that one resource (what the first two parts
  /// of the path name, such as `datasets/ID/`) takes on routes of this rate. 0:
  /// no limit.
  std::uint32_t rate = 60;
};

using handler = std::function<void(const context_ptr&)>;

/// Finds the handler of a request, by method and path.
///
/// Patterns are such as `/v2/datasets/{datasetId}/items`; `{rest*}` at the end
/// stands for all that follows, undecoded, and the method `*` for any. What is
/// registered under `/v2/actors` is served under `/v2/acts` as well, GET serves
/// HEAD, and
/// `?method=` overrides the method. Lookup costs one search a part of the path.
class router {
public:
  /// Looks up who owns a token; null if nobody does.
  using authenticator = std::function<const user*(std::string_view token)>;

  /// @returns whether a call may pass; called for routes with a rate.
  using limiter
    = std::function<bool(std::string_view resource, std::uint32_t rate)>;

  /// Sees every request before its handler, with the route as
  /// `METHOD /pattern`.
  /// @returns false if it saw to the request itself: it answered, or calls
  /// `go_on` later
  using interceptor = std::function<bool(
    const context_ptr&, std::string_view route, std::function<void()> go_on)>;

  explicit router(authenticator authenticate);
  ~router();

  /// Registers a route.
  /// @param pattern must outlive the router: a literal
  void add(std::string_view method, std::string_view pattern, handler handle,
           route_options options = {});

  void set_limiter(limiter limit);

  /// @param intercept may be empty, which is fastest
  void set_interceptor(interceptor intercept);

  /// Answers a request: by its handler, or with the platform's 401, 404, 405
  /// or 429.
  void dispatch(http::exchange_ptr exchange);

  /// Answers `ctx` as if it had asked for `path` (without query): how
  /// `/v2/actor-runs/ID/dataset/items` becomes a dataset's own route. Neither
  /// the rate nor faults are looked at again.
  /// @param method in place of the request's own, unless it is empty
  void redispatch(const context_ptr& ctx, std::string path,
                  std::string_view method = {});

  traffic& counters() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace orc::emulator
