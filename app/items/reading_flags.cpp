#include "app/items/reading_flags.hpp"

#include "app/items/item_file.hpp"
#include "messages/base/error.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <set>

namespace orc::app {

namespace {

/// Options of the platform as it wants them.
std::string query_of(const reading_flags& x) {
  std::string result;
  auto add = [&](const char* name, const std::string& value) {
    if (!value.empty())
      result.append(result.empty() ? "" : "&")
        .append(name)
        .append("=" + http::percent_encode(value));
  };
  add("clean", x.clean ? "1" : "");
  add("skipEmpty", x.skip_empty ? "1" : "");
  add("skipHidden", x.skip_hidden ? "1" : "");
  add("desc", x.desc ? "1" : "");
  add("fields", x.fields);
  add("omit", x.omit);
  add("unwind", x.unwind);
  add("flatten", x.flatten);
  add("view", x.view);
  return result;
}

caf::error check(const read_request& x) {
  if (x.from.empty())
    return make_error(ec::bad_config, "give the NAME of a run at least, or "
                                      "--dataset ID");
  std::set<std::string> seen;
  for (const auto& from : x.from)
    if (!seen.insert(from.run + "\n" + from.dataset_id).second)
      return make_error(ec::bad_config, fmt::format("{}{} is given twice",
                                                    from.run, from.dataset_id));
  return {};
}

} // namespace

caf::expected<read_request>
to_request(const reading_flags& x, const std::string& space) {
  read_request result;
  for (const auto& name : x.names)
    result.from.push_back({space, name, {}});
  for (const auto& id : x.datasets)
    result.from.push_back({space, {}, id});
  result.format = format_of(x.format, x.output);
  result.follow = x.follow;
  // Who follows wants to see what comes, wherever it comes from.
  result.ordered = x.ordered || !(x.unordered || x.follow);
  result.query = query_of(x);
  result.offset = x.offset;
  result.limit = x.limit;
  result.dedupe_by = x.dedupe_by;
  if (auto err = check(result))
    return err;
  return result;
}

} // namespace orc::app
