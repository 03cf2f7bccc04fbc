#include "actors/account/account.hpp"

namespace orc {

namespace {

constexpr std::chrono::seconds usage_timeout{2};

std::string source_name(limits_source x, bool capped) {
  if (x != limits_source::refusals)
    return "platform";
  return capped ? "configuration" : "refusals";
}

std::optional<mebibytes> in_mebibytes(std::optional<std::uint64_t> x) {
  return x ? std::optional{mebibytes{*x}} : std::nullopt;
}

} // namespace

caf::result<account_view> account_state::view() {
  if (!username_)
    ask_user();
  auto promise = self_->make_response_promise<account_view>();
  self_->request(parts_.api, usage_timeout, get_api_usage{})
    .then([this, promise](
            const api_usage& x) mutable { promise.deliver(make_view(x)); },
          // An account without numbers is better than none.
          [this, promise](const caf::error&) mutable {
            promise.deliver(make_view({}));
          });
  return promise;
}

account_view account_state::make_view(const api_usage& calls) const {
  const auto& memory = admission_.books().memory();
  const auto& slots = admission_.books().slots();
  account_view x;
  x.name = config_.settings.name;
  x.username = username_;
  x.memory_limit = in_mebibytes(memory.limit());
  x.memory_held = {memory.held()};
  x.memory_others = {memory.others()};
  x.run_limit = slots.limit();
  x.runs_live = slots.held();
  x.runs_others = slots.others();
  x.runs_queued = admission_.queued();
  if (limits_) {
    x.monthly_limit_usd = limits_->max_monthly_usd;
    x.monthly_usage_usd = limits_->monthly_usd;
  }
  x.limits_from = source_name(memory.source(), config_.settings.max_memory
                                                 || config_.settings.max_runs);
  x.calls = calls;
  return x;
}

} // namespace orc
