#include "actors/splitter/part_cutter.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

constexpr std::size_t most_skipped_told = 100;

caf::error has_changed(const stored_part& x) {
  return make_error(
    ec::name_conflict,
    fmt::format("items {} to {} are not those that `{}` was cut from: submit "
                "the same list, or a longer one, or use another prefix",
                x.part.first_item, x.part.first_item + x.part.items - 1,
                x.part.name));
}

} // namespace

part_cutter::part_cutter(item_template shape, cut_rules rules,
                         std::vector<stored_part> known, bool with_inputs,
                         part_sink sink)
  : shape_{std::move(shape)}, rules_{rules}, known_{std::move(known)},
    with_inputs_{with_inputs}, sink_{std::move(sink)},
    frame_bytes_{shape_.head().size() + shape_.tail().size()} {
  // nop
}

caf::error part_cutter::add(std::string_view item) {
  auto mapped = shape_.map(item);
  if (!mapped)
    return make_error(code_of(mapped.error()),
                      fmt::format("items[{}]: {}", index_,
                                  message_of(mapped.error())));
  auto size = mapped->size();
  if (const auto* known = known_part()) {
    // What was skipped fitted in no part, so it is larger than any that holds
    // items; what a part holds is not larger than the part.
    if (index_ < known->part.first_item
        || frame_bytes_ + size > known->part.bytes)
      return skip(frame_bytes_ + size);
    put(item, *mapped, size);
    return open_.part.part.items == known->part.items ? close() : caf::error{};
  }
  if (frame_bytes_ + size > rules_.max_bytes)
    return skip(frame_bytes_ + size);
  if (is_full(size))
    if (auto err = close())
      return err;
  put(item, *mapped, size);
  return {};
}

caf::error part_cutter::finish() {
  if (const auto* known = known_part())
    return has_changed(*known);
  return open_.part.part.items > 0 ? close() : caf::error{};
}

const stored_part* part_cutter::known_part() const noexcept {
  return closed_ < known_.size() ? &known_[closed_] : nullptr;
}

caf::error part_cutter::skip(std::uint64_t size) {
  if (rules_.on_oversize == oversize_policy::error && !known_part())
    return make_error(ec::input_too_large,
                      fmt::format("items[{}]: makes an input of {} bytes, a "
                                  "part holds {}; leave it out, or skip such "
                                  "items",
                                  index_, size, rules_.max_bytes));
  ++skipped_;
  if (skipped_items_.size() < most_skipped_told)
    skipped_items_.push_back({index_, size});
  ++index_;
  return {};
}

bool part_cutter::is_full(std::uint64_t size) const noexcept {
  const auto& open = open_.part.part;
  return open.items > 0
         && (open.bytes + shape_.separator().size() + size > rules_.max_bytes
             || (rules_.max_items && open.items >= *rules_.max_items)
             || (rules_.parts && index_ >= next_boundary_));
}

void part_cutter::put(std::string_view item, std::string_view mapped,
                      std::uint64_t size) {
  auto& open = open_.part.part;
  if (open.items == 0) {
    open.first_item = index_;
    open.bytes = frame_bytes_;
    if (with_inputs_)
      open_.input = shape_.head();
    // Equal numbers of items: the first ones have one more where they do not
    // come out even.
    while (rules_.parts && next_boundary_ <= index_) {
      auto share = rules_.total_items / *rules_.parts;
      auto more = boundaries_++ < rules_.total_items % *rules_.parts;
      next_boundary_ += share + (more ? 1 : 0);
      if (share == 0 && !more)
        next_boundary_ = index_ + 1;
    }
  } else {
    open.bytes += shape_.separator().size();
    if (with_inputs_)
      open_.input += shape_.separator();
  }
  open.bytes += size;
  ++open.items;
  ++index_;
  digest_.add(item);
  if (with_inputs_)
    open_.input += mapped;
}

caf::error part_cutter::close() {
  auto done = std::exchange(open_, {});
  done.part.digest = std::exchange(digest_, {}).value();
  if (with_inputs_)
    done.input += shape_.tail();
  if (const auto* known = known_part()) {
    if (done.part.digest != known->digest
        || done.part.part.first_item != known->part.first_item
        || done.part.part.bytes != known->part.bytes)
      return has_changed(*known);
    done.part = *known;
  }
  ++closed_;
  return sink_(std::move(done));
}

} // namespace orc
