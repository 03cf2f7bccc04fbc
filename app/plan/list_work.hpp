#pragma once

#include "app/plan/plan.hpp"
#include "app/run/work.hpp"

#include <memory>
#include <vector>

namespace orc::app {

class service;

/// The runs of a plan, then those of its lists, one list after the other.
class list_work : public work {
public:
  /// Cuts the lists of a plan, which must outlive the result; how they are cut
  /// is durable then.
  /// @param reserved_bytes see `split_job::make`.
  [[nodiscard]] static caf::expected<std::unique_ptr<list_work>>
  open(service& host, const plan& source, std::uint64_t reserved_bytes);

  const std::vector<run_ref>& names() const override {
    return names_;
  }

  json_text fixed_input() const override {
    return fixed_input_;
  }

  caf::expected<std::vector<run_request>> next() override;

private:
  void add(std::unique_ptr<work> part);
  [[nodiscard]] caf::error
  add(service& host, const plan_list& list, std::uint64_t reserved_bytes);

  json_text fixed_input_;
  std::vector<run_ref> names_;
  std::vector<std::unique_ptr<work>> parts_;
  std::size_t current_ = 0;
};

} // namespace orc::app
