#include "emulator/routes/routes.hpp"

#include <chrono>

namespace orc::emulator {

namespace {

/// The calendar month that holds `when`: its first moment and its last.
std::pair<moment, moment> month_of(moment when) {
  using namespace std::chrono;
  const auto date = year_month_day{floor<days>(when)};
  const auto first = date.year() / date.month() / 1;
  const auto next = first + months{1};
  return {moment{sys_days{first}}, moment{sys_days{next}} - milliseconds{1}};
}

void write_cycle(json_writer& out, std::string_view name, moment when) {
  const auto [first, last] = month_of(when);
  out.key(name)
    .object()
    .member("startAt", to_iso(first))
    .member("endAt", to_iso(last))
    .end_object();
}

double gigabytes(std::int64_t mbytes) {
  return static_cast<double>(mbytes) / 1024.0;
}

void write_plan(json_writer& out, const user& me) {
  out.key("plan")
    .object()
    .member("id", "EMULATOR")
    .member("description", "Emulated plan")
    .member("isEnabled", true)
    .member("tier", "FREE")
    .member("monthlyBasePriceUsd", 0)
    .member("monthlyUsageCreditsUsd", 1000)
    .member("maxMonthlyUsageUsd", 1000)
    .member("maxActorMemoryGbytes", gigabytes(me.memory_mbytes))
    .member("maxConcurrentActorRuns", me.max_runs)
    .member("dataRetentionDays", 7)
    .key("availableProxyGroups")
    .object()
    .end_object()
    .key("enabledPlatformFeatures")
    .array()
    .end_array()
    .end_object();
}

/// Everything is switched on but proxies, which there are none of.
void write_features(json_writer& out) {
  out.key("effectivePlatformFeatures").object();
  for (const auto* name :
       {"ACTORS", "STORAGE", "SCHEDULER", "PROXY", "PROXY_EXTERNAL_ACCESS",
        "PROXY_RESIDENTIAL", "PROXY_SERPS", "WEBHOOKS", "ACTORS_PUBLIC_ALL",
        "ACTORS_PUBLIC_DEVELOPER"}) {
    const auto enabled = std::string_view{name}.find("PROXY") != 0;
    out.key(name).object().member("isEnabled", enabled);
    out.key("disabledReason").null().key("disabledReasonType").null();
    out.member("isTrial", false).key("trialExpirationAt").null().end_object();
  }
  out.end_object();
}

void reply_me(const context_ptr& ctx) {
  const auto& me = ctx->me();
  auto out = json_writer{};
  out.object().member("id", me.id).member("username", me.name);
  out.member("email", me.name + "@example.com")
    .member("isPaying", false)
    .member("createdAt", "2020-01-01T00:00:00.000Z");
  out.key("profile").object().end_object();
  out.key("proxy")
    .object()
    .member("password", "emulated")
    .key("groups")
    .array()
    .end_array()
    .end_object();
  write_plan(out, me);
  write_features(out);
  out.end_object();
  ctx->reply_data(out.str());
}

void write_limits(json_writer& out, const user& me) {
  out.key("limits")
    .object()
    .member("maxMonthlyUsageUsd", 1000)
    .member("maxMonthlyActorComputeUnits", 100000)
    .member("maxMonthlyExternalDataTransferGbytes", 1000)
    .member("maxMonthlyProxySerps", 0)
    .member("maxMonthlyResidentialProxyGbytes", 0)
    .member("maxActorMemoryGbytes", gigabytes(me.memory_mbytes))
    .member("maxActorCount", 500)
    .member("maxActorTaskCount", 5000)
    .member("maxConcurrentActorJobs", me.max_runs)
    .member("maxTeamAccountSeatCount", 1)
    .member("dataRetentionDays", 7)
    .member("maxScheduleCount", 100)
    .end_object();
}

void reply_limits(platform& p, const context_ptr& ctx) {
  if (p.options.limits_forbidden)
    throw api_error{403, "insufficient-permissions",
                    "Insufficient permissions for the given operation."};
  const auto& me = ctx->me();
  const auto& used = p.accounts.usage_of(me);
  auto out = json_writer{};
  out.object();
  write_cycle(out, "monthlyUsageCycle", now());
  write_limits(out, me);
  out.key("current")
    .object()
    .member("monthlyUsageUsd", used.spent_usd)
    .member("monthlyActorComputeUnits", used.compute_units)
    .member("monthlyExternalDataTransferGbytes", 0)
    .member("monthlyProxySerps", 0)
    .member("monthlyResidentialProxyGbytes", 0)
    .member("actorMemoryGbytes", gigabytes(used.memory_mbytes))
    .member("actorCount", p.actors.all().size())
    .member("actorTaskCount", p.tasks.all().size())
    .member("activeActorJobCount", used.runs)
    .member("teamAccountSeatCount", 1)
    .member("scheduleCount", 0)
    .end_object()
    .end_object();
  ctx->reply_data(out.str());
}

void reply_usage(platform& p, const context_ptr& ctx) {
  const auto date = parse_iso(ctx->text("date")).value_or(now());
  const auto [first, last] = month_of(now());
  // Nothing is known of other months.
  const auto is_now = date >= first && date <= last;
  const auto used = is_now ? p.accounts.usage_of(ctx->me()) : account_usage{};
  auto out = json_writer{};
  out.object();
  write_cycle(out, "usageCycle", date);
  out.key("monthlyServiceUsage").object().key("ACTOR_COMPUTE_UNITS").object();
  out.member("quantity", used.compute_units)
    .member("baseAmountUsd", used.spent_usd)
    .member("baseUnitPriceUsd", p.options.engine.usd_per_compute_unit)
    .member("amountAfterVolumeDiscountUsd", used.spent_usd)
    .end_object()
    .end_object();
  out.key("dailyServiceUsages").array().end_array();
  out.member("totalUsageCreditsUsdBeforeVolumeDiscount", used.spent_usd)
    .member("totalUsageCreditsUsdAfterVolumeDiscount", used.spent_usd)
    .end_object();
  ctx->reply_data(out.str());
}

void reply_user(platform& p, const context_ptr& ctx) {
  const auto* x = p.accounts.find(ctx->param("userId"));
  if (x == nullptr)
    throw api_error{404, "record-not-found", "User was not found"};
  auto out = json_writer{};
  out.object().member("id", x->id).member("username", x->name);
  out.key("profile").object().end_object().end_object();
  ctx->reply_data(out.str());
}

} // namespace

void register_user_routes(router& routes, platform& p) {
  routes.add("GET", "/v2/users/me", reply_me);
  routes.add("GET", "/v2/users/me/limits",
             [&p](const context_ptr& ctx) { reply_limits(p, ctx); });
  routes.add("GET", "/v2/users/me/usage/monthly",
             [&p](const context_ptr& ctx) { reply_usage(p, ctx); });
  routes.add("GET", "/v2/users/{userId}",
             [&p](const context_ptr& ctx) { reply_user(p, ctx); },
             {access::open});
}

} // namespace orc::emulator
