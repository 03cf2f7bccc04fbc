#include "emulator/routes/routes.hpp"

namespace orc::emulator {

namespace {

/// These routes need no token, so they are for this machine alone.
void require_loopback(const context& ctx) {
  const auto& from = ctx.request().remote_address;
  if (!from.starts_with("127.") && from != "::1"
      && !from.starts_with("::ffff:127."))
    throw api_error{403, "insufficient-permissions",
                    "/emulator is served to loopback addresses only."};
}

void write_accounts(json_writer& out, platform& p) {
  out.key("accounts").array();
  for (const auto& x : p.accounts.users()) {
    const auto& used = p.accounts.usage_of(*x);
    out.object()
      .member("username", x->name)
      .member("memoryMbytes", used.memory_mbytes)
      .member("runs", used.runs)
      .member("peakMemoryMbytes", used.peak_memory_mbytes)
      .member("peakRuns", used.peak_runs)
      .member("spentUsd", used.spent_usd)
      .end_object();
  }
  out.end_array();
}

void write_run_counts(json_writer& out, platform& p) {
  auto counts = std::map<std::string_view, std::size_t>{};
  for (const auto& [id, x] : p.runs.all())
    ++counts[to_string(x->status)];
  out.key("runs").object().member("total", p.runs.all().size());
  for (const auto& [status, n] : counts)
    out.member(status, n);
  out.end_object();
}

void reply_stats(router& routes, platform& p, const context_ptr& ctx) {
  const auto& seen = routes.counters();
  auto starts = std::uint64_t{0};
  auto out = json_writer{};
  out.object().member("requests", seen.requests);
  out.key("requestsByRoute").object();
  for (const auto& [route, n] : seen.by_route) {
    if (n > 0)
      out.member(route, n);
    if (fault_scope(route) == "start")
      starts += n;
  }
  out.end_object().member("startRequests", starts);
  out.member("runsStarted", p.engine.started());
  out.key("errors").object();
  for (const auto& [type, n] : seen.errors)
    out.member(type, n);
  out.end_object();
  write_run_counts(out, p);
  write_accounts(out, p);
  out.member("faultRates", p.faults.text()).end_object();
  ctx->reply_json(out.take());
}

/// @returns the value of the input's field, as text.
std::string field_of_input(platform& p, const run& x, const std::string& name) {
  const auto* record
    = p.storages.find_record(x.storages.key_value_store_id, "INPUT");
  auto input = json_document{};
  if (record == nullptr || !parse_json(record->body, input))
    return {};
  const auto* value = find_member(input, name);
  if (value == nullptr)
    return {};
  return value->IsString() ? value->GetString() : to_text(*value);
}

void reply_runs(platform& p, const context_ptr& ctx) {
  const auto field = ctx->text("keyField", "key");
  auto out = json_writer{};
  out.array();
  for (const auto& user : p.accounts.users()) {
    auto filter = run_filter{};
    filter.limit = SIZE_MAX;
    for (const auto* x : p.runs.of_user(*user).list(filter).items)
      out.object()
        .member("id", x->id)
        .member("actor", x->actor->username + "/" + x->actor->name)
        .member("user", user->name)
        .member("status", to_string(x->status))
        .member("startedAt", to_iso(x->started_at))
        .member("memoryMbytes", x->options.memory_mbytes)
        .member("userAgent", x->meta.user_agent)
        .member("resurrectCount", x->stats.resurrections)
        .member("key", field_of_input(p, *x, field))
        .end_object();
  }
  out.end_array();
  ctx->reply_json(out.take());
}

void migrate_run(platform& p, const context_ptr& ctx) {
  auto* x = p.runs.find(ctx->param("runId"));
  if (x == nullptr)
    throw api_error{404, "record-not-found", "Actor run was not found"};
  p.engine.migrate(*x);
  ctx->reply_json("{}");
}

/// The body is the rates as text, or `{"rates":"..."}`.
void replace_faults(platform& p, const context_ptr& ctx) {
  auto text = ctx->request().body;
  auto body = json_document{};
  if (parse_json(text, body) && body.IsObject())
    text = string_member(body, "rates");
  const auto problem = p.faults.set(text);
  if (!problem.empty())
    throw api_error{400, "invalid-value", problem};
  ctx->reply_json("{}");
}

void reset(router& routes, platform& p, const context_ptr& ctx) {
  p.engine.clear();
  p.tasks.clear();
  p.webhooks.clear();
  p.storages.clear();
  p.saved.clear();
  p.accounts.reset_usage();
  p.script_failures.clear();
  p.script_faults.clear();
  auto& seen = routes.counters();
  seen.requests = 0;
  seen.errors.clear();
  for (auto& [route, n] : seen.by_route)
    n = 0;
  ctx->reply_json("{}");
}

} // namespace

void register_control_routes(router& routes, platform& p) {
  const auto add
    = [&](std::string_view method, std::string_view pattern, handler handle) {
        routes.add(method, pattern,
                   [handle](const context_ptr& ctx) {
                     require_loopback(*ctx);
                     handle(ctx);
                   },
                   {access::open, 0});
      };
  add("GET", "/emulator/stats",
      [&routes, &p](const context_ptr& ctx) { reply_stats(routes, p, ctx); });
  add("GET", "/emulator/runs",
      [&p](const context_ptr& ctx) { reply_runs(p, ctx); });
  add("POST", "/emulator/runs/{runId}/migrate",
      [&p](const context_ptr& ctx) { migrate_run(p, ctx); });
  add("POST", "/emulator/faults",
      [&p](const context_ptr& ctx) { replace_faults(p, ctx); });
  add("POST", "/emulator/reset",
      [&routes, &p](const context_ptr& ctx) { reset(routes, p, ctx); });
}

} // namespace orc::emulator
