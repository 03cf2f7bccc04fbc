#pragma once

#include "app/run/work.hpp"
#include "messages/splitter.hpp"

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// The runs of a list that a SPLITTER has cut.
class split_work : public work {
public:
  split_work(caf::actor_system& system, splitter_actor splitter,
             const std::string& space, const split_result& cut);

  const std::vector<run_ref>& names() const override {
    return names_;
  }

  caf::expected<std::vector<run_request>> next() override;

private:
  caf::actor_system& system_;
  splitter_actor splitter_;
  std::vector<run_ref> names_;
};

} // namespace orc::app
