#include "emulator/api/router.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace orc::emulator {

namespace {

struct route {
  std::string_view pattern;
  handler handle;
  route_options options;
  /// An element of `traffic::by_route`.
  std::pair<const std::string, std::uint64_t>* hits = nullptr;
};

/// A part of the paths that are served: its literal children, the one that
/// stands for any text, and the one that stands for all that follows.
struct node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
  std::unique_ptr<node> any;
  std::unique_ptr<node> rest;

  /// The child that a part of a pattern means.
  std::unique_ptr<node>& child(std::string_view part);

  std::map<std::string, route, std::less<>> by_method;
};

std::vector<std::string_view> split_path(std::string_view path) {
  auto result = std::vector<std::string_view>{};
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    result.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  // A slash at the end means nothing.
  if (!result.empty() && result.back().empty())
    result.pop_back();
  if (result.size() > 1 && result[0] == "v2" && result[1] == "acts")
    result[1] = "actors";
  return result;
}

bool is_placeholder(std::string_view part) {
  return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

bool is_rest(std::string_view part) {
  return part.ends_with("*}");
}

std::unique_ptr<node>& node::child(std::string_view part) {
  if (is_rest(part))
    return rest;
  return is_placeholder(part) ? any : literals[std::string{part}];
}

/// Finds the node of a path; literals win over placeholders, those over rests.
const node*
find_node(const node& from, const std::vector<std::string_view>& parts,
          std::size_t i) {
  if (i == parts.size())
    return from.by_method.empty() ? from.rest.get() : &from;
  const auto child = from.literals.find(parts[i]);
  if (child != from.literals.end())
    if (const auto* found = find_node(*child->second, parts, i + 1))
      return found;
  if (from.any)
    if (const auto* found = find_node(*from.any, parts, i + 1))
      return found;
  return from.rest.get();
}

/// What the first two parts below `/v2` name, such as `datasets/ID`.
std::string resource_of(const std::vector<std::string_view>& parts) {
  auto result = std::string{};
  for (auto i = std::size_t{1}; i < parts.size() && i < 3; ++i)
    result.append(parts[i]).push_back('/');
  return result;
}

std::string
join_from(const std::vector<std::string_view>& parts, std::size_t i) {
  auto result = std::string{};
  for (; i < parts.size(); ++i)
    result.append(result.empty() ? "" : "/").append(parts[i]);
  return result;
}

std::string_view token_of(const context& ctx) {
  auto header = ctx.request().headers.get("authorization");
  constexpr auto prefix = std::string_view{"Bearer "};
  if (header.size() > prefix.size()
      && http::iequals(header.substr(0, prefix.size()), prefix))
    return header.substr(prefix.size());
  return ctx.query().get("token").value_or(std::string_view{});
}

api_error not_found(const context& ctx) {
  return {404, "page-not-found",
          "We have bad news: there is no API endpoint at this URL: "
            + ctx.request().method + " " + ctx.path()
            + ". Did you mean something else?"};
}

api_error no_such_method(const context& ctx) {
  return {405, "method-not-allowed",
          "This API endpoint does not support the " + ctx.method()
            + " method."};
}

} // namespace

struct router::impl {
  authenticator authenticate;
  limiter limit;
  interceptor intercept;
  node root;
  orc::emulator::traffic traffic;

  const route*
  find(const context_ptr& ctx, const std::vector<std::string_view>& parts);
  bool check_access(const context_ptr& ctx, const route& found);
  bool admit(const context_ptr& ctx, const route& found,
             const std::vector<std::string_view>& parts);
  void bind(const context_ptr& ctx, const route& found,
            const std::vector<std::string_view>& parts);
  void run(const context_ptr& ctx, const route& found);
};

const route* router::impl::find(const context_ptr& ctx,
                                const std::vector<std::string_view>& parts) {
  const auto* at = find_node(root, parts, 0);
  if (at == nullptr) {
    ctx->reply_error(not_found(*ctx));
    return nullptr;
  }
  auto found = at->by_method.find(ctx->method());
  if (found == at->by_method.end() && ctx->method() == "HEAD")
    found = at->by_method.find("GET");
  if (found == at->by_method.end())
    found = at->by_method.find("*");
  if (found == at->by_method.end()) {
    ctx->reply_error(no_such_method(*ctx));
    return nullptr;
  }
  return &found->second;
}

/// Answers 401 if the route wants a token and there is no good one.
bool router::impl::check_access(const context_ptr& ctx, const route& found) {
  if (ctx->caller_ != nullptr || found.options.access == access::open)
    return true;
  if (token_of(*ctx).empty())
    ctx->reply_error(401, "token-not-provided",
                     "Authentication token was not provided.");
  else
    ctx->reply_error(401, "user-or-token-not-found",
                     "User was not found or authentication token is not "
                     "valid");
  return false;
}

/// Sees to the token and the rate.
/// @returns whether the route may be called
bool router::impl::admit(const context_ptr& ctx, const route& found,
                         const std::vector<std::string_view>& parts) {
  const auto token = token_of(*ctx);
  if (!token.empty())
    ctx->caller_ = authenticate(token);
  if (!check_access(ctx, found))
    return false;
  if (found.options.rate == 0 || !limit)
    return true;
  ctx->add_header("X-RateLimit-Limit", std::to_string(found.options.rate));
  auto resource = resource_of(parts);
  if (ctx->caller_ != nullptr)
    resource += ctx->caller_->id;
  if (limit(resource, found.options.rate))
    return true;
  ctx->reply_error(429, "rate-limit-exceeded",
                   "You have exceeded the rate limit of "
                     + std::to_string(found.options.rate)
                     + " requests per second");
  return false;
}

void router::impl::bind(const context_ptr& ctx, const route& found,
                        const std::vector<std::string_view>& parts) {
  ctx->params_.clear();
  auto i = std::size_t{0};
  for (const auto name : split_path(found.pattern)) {
    if (is_rest(name))
      ctx->params_.emplace_back(name.substr(1, name.size() - 3),
                                join_from(parts, i));
    else if (is_placeholder(name))
      ctx->params_.emplace_back(name.substr(1, name.size() - 2),
                                http::percent_decode(parts[i]));
    ++i;
  }
}

void router::impl::run(const context_ptr& ctx, const route& found) {
  try {
    found.handle(ctx);
  } catch (const api_error& error) {
    ctx->reply_error(error);
  }
}

router::router(authenticator authenticate) : impl_(std::make_unique<impl>()) {
  impl_->authenticate = std::move(authenticate);
}

router::~router() = default;

void router::add(std::string_view method, std::string_view pattern,
                 handler handle, route_options options) {
  auto* at = &impl_->root;
  for (const auto part : split_path(pattern)) {
    auto& child = at->child(part);
    if (!child)
      child = std::make_unique<node>();
    at = child.get();
  }
  auto label = std::string{method} + " " + std::string{pattern};
  auto& hits = *impl_->traffic.by_route.emplace(std::move(label), 0).first;
  at->by_method.insert_or_assign(
    std::string{method}, route{pattern, std::move(handle), options, &hits});
}

void router::set_limiter(limiter limit) {
  impl_->limit = std::move(limit);
}

void router::set_interceptor(interceptor intercept) {
  impl_->intercept = std::move(intercept);
}

void router::dispatch(http::exchange_ptr exchange) {
  const auto ctx
    = std::make_shared<context>(std::move(exchange), impl_->traffic);
  ++impl_->traffic.requests;
  const auto parts = split_path(ctx->path());
  const auto* found = impl_->find(ctx, parts);
  if (found == nullptr)
    return;
  ++found->hits->second;
  if (!impl_->admit(ctx, *found, parts))
    return;
  impl_->bind(ctx, *found, parts);
  if (impl_->intercept
      && !impl_->intercept(ctx, found->hits->first,
                           [this, ctx, found] { impl_->run(ctx, *found); }))
    return;
  impl_->run(ctx, *found);
}

void router::redispatch(const context_ptr& ctx, std::string path,
                        std::string_view method) {
  if (!method.empty())
    ctx->method_ = method;
  ctx->path_ = std::move(path);
  const auto parts = split_path(ctx->path_);
  const auto* found = impl_->find(ctx, parts);
  if (found == nullptr || !impl_->check_access(ctx, *found))
    return;
  impl_->bind(ctx, *found, parts);
  impl_->run(ctx, *found);
}

traffic& router::counters() noexcept {
  return impl_->traffic;
}

} // namespace orc::emulator
