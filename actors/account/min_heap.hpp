#pragma once

#include <algorithm>
#include <functional>
#include <queue>
#include <vector>

namespace orc {

/// A heap with the least on top, of which entries can be taken out wherever
/// they are.
template <class T>
class min_heap : public std::priority_queue<T, std::vector<T>, std::greater<>> {
public:
  /// Takes out what `unwanted` says, in one go over all of it.
  template <class Predicate>
  void erase_if(Predicate unwanted) {
    if (std::erase_if(this->c, unwanted) > 0)
      std::make_heap(this->c.begin(), this->c.end(), this->comp);
  }
};

} // namespace orc
