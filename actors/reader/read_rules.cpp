#include "actors/reader/read_rules.hpp"

#include "messages/base/error.hpp"

#include <algorithm>
#include <array>

namespace orc {

bool thins_out(std::string_view query) {
  constexpr std::array names{"clean=", "skipEmpty=",       "unwind=",
                             "view=",  "skipFailedPages=", "simplified="};
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    auto at = query.find(name);
    return at != std::string_view::npos && (at == 0 || query[at - 1] == '&');
  });
}

std::string unthinned(const std::string& query) {
  std::string result;
  std::string_view rest{query};
  while (!rest.empty()) {
    auto one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (!thins_out(one))
      result.append(result.empty() ? "" : "&").append(one);
  }
  return result;
}

bool is_backwards(std::string_view query) {
  while (!query.empty()) {
    auto one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (one.starts_with("desc="))
      return one != "desc=0" && one != "desc=false" && one != "desc=";
  }
  return false;
}

caf::error check(const read_request& x) {
  if (x.from.empty())
    return make_error(ec::bad_field, "runs: name a run or a dataset at least");
  if (x.delimiter.size() != 1)
    return make_error(ec::bad_field, "delimiter: must be one character");
  if (x.offset > 0 && !x.ordered && x.from.size() > 1)
    return make_error(ec::bad_field, "offset: of several datasets needs an "
                                     "order; ask for `ordered`, or for one "
                                     "dataset");
  if (x.offset > 0 && !x.cursor.empty() && !x.dedupe_by.empty())
    return make_error(ec::bad_field, "cursor: a reading with both an offset "
                                     "and dedupe cannot be taken up again");
  if (x.follow && is_backwards(x.query))
    return make_error(ec::bad_field, "desc: the last item comes first, so that "
                                     "nothing can be followed; leave one out");
  return {};
}

} // namespace orc
