#pragma once

#include "actors/account/min_heap.hpp"
#include "messages/base/units.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace orc {

/// Runs that wait in the order of their keys, which is the order of their
/// submission: eight bytes each. Nearly all come in that order and lie in a
/// plain array; a run that comes back (it was refused, or tries again) finds
/// its old place through a heap.
class run_line {
public:
  bool empty() const noexcept {
    return head_ == in_order_.size() && late_.empty();
  }

  std::size_t size() const noexcept {
    return in_order_.size() - head_ + late_.size();
  }

  void push(run_key x) {
    if (head_ == in_order_.size() || in_order_.back() < x)
      in_order_.push_back(x);
    else
      late_.push(x);
  }

  /// @pre `!empty()`
  run_key front() const {
    return late_is_next() ? late_.top() : in_order_[head_];
  }

  /// @pre `!empty()`
  void pop() {
    if (late_is_next()) {
      late_.pop();
      return;
    }
    ++head_;
    if (head_ * 2 > in_order_.size())
      forget_head();
  }

  /// Takes out what `unwanted` says, in one go over all of it.
  template <class Predicate>
  void erase_if(Predicate unwanted) {
    forget_head();
    std::erase_if(in_order_, unwanted);
    late_.erase_if(unwanted);
  }

  /// @returns about how many runs are before `x`: of those that came back, all.
  std::size_t count_before(run_key x) const {
    auto head = in_order_.begin() + static_cast<std::ptrdiff_t>(head_);
    auto end = std::lower_bound(head, in_order_.end(), x);
    auto late = late_.empty() || x <= late_.top() ? 0 : late_.size();
    return static_cast<std::size_t>(std::distance(head, end)) + late;
  }

private:
  bool late_is_next() const {
    return !late_.empty()
           && (head_ == in_order_.size() || late_.top() < in_order_[head_]);
  }

  /// Costs a constant for each run: it halves what it moves.
  void forget_head() {
    in_order_.erase(in_order_.begin(),
                    in_order_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
    if (in_order_.capacity() > 1024
        && in_order_.size() * 4 < in_order_.capacity())
      in_order_.shrink_to_fit();
  }

  std::vector<run_key> in_order_;
  std::size_t head_ = 0;
  min_heap<run_key> late_;
};

} // namespace orc
