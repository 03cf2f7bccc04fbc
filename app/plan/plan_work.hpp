#pragma once

#include "app/plan/plan.hpp"
#include "app/run/work.hpp"

namespace orc::app {

/// The runs of a plan, which must outlive it.
class plan_work : public work {
public:
  explicit plan_work(const plan& source) : source_{source} {
    // nop
  }

  const std::vector<run_ref>& names() const override {
    return source_.names();
  }

  json_text fixed_input() const override {
    return source_.fixed_input();
  }

  caf::expected<std::vector<run_request>> next() override {
    auto result = source_.requests(told_, chunk_size);
    told_ += result.size();
    return result;
  }

private:
  /// One submission is one commit of the store: large ones are cheap, yet the
  /// first runs of a plan shall not wait for its last ones.
  static constexpr std::size_t chunk_size = 1000;

  const plan& source_;
  std::size_t told_ = 0;
};

} // namespace orc::app
