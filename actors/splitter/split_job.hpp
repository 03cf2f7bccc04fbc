#pragma once

#include "actors/splitter/part_cutter.hpp"
#include "messages/splitter.hpp"

#include <caf/expected.hpp>

namespace orc {

/// What a `split_request` means, checked and resolved. Knows no actors.
class split_job {
public:
  /// @param reserved_bytes what the configuration puts under every input
  ///                       besides.
  /// @returns the first thing that is wrong with the request.
  static caf::expected<split_job>
  make(const split_request& request, std::uint64_t reserved_bytes);

  /// @returns a fingerprint of all that makes an input of items and says what
  ///          is started: the same list cannot be cut for another Apify actor.
  std::string fingerprint() const;

  /// @param total_items needed where the request asks for a number of parts.
  part_cutter cutter(std::vector<stored_part> known, std::uint64_t total_items,
                     bool with_inputs, part_cutter::part_sink sink) const;

  /// Gives new parts their names. Those that have one keep it.
  void name_parts(std::vector<stored_part>& parts) const;

  /// @returns the request for the run that a part is.
  run_request request_of(cut_part part) const;

  const split_request& request() const noexcept {
    return request_;
  }

private:
  split_job(split_request request, item_template shape, cut_rules rules)
    : request_{std::move(request)}, shape_{std::move(shape)}, rules_{rules} {
    // nop
  }

  split_request request_;
  item_template shape_;
  cut_rules rules_;
};

} // namespace orc
