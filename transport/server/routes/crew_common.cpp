#include "transport/server/routes/crew_common.hpp"

#include "messages/json/json.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <utility>

namespace orc::server {

namespace {

caf::expected<std::int64_t>
read_integer(const call& x, std::string_view name, std::int64_t otherwise) {
  auto given = x.text(name);
  if (!given || given->empty())
    return otherwise;
  std::int64_t result = 0;
  auto end = given->data() + given->size();
  auto [stop, error] = std::from_chars(given->data(), end, result);
  if (error != std::errc{} || stop != end)
    return must_be(name, "an integer", *given);
  return result;
}

} // namespace

caf::expected<std::uint64_t>
read_crew_limit(const call& x, std::int64_t otherwise) {
  auto limit = read_integer(x, "limit", otherwise);
  if (!limit)
    return std::move(limit.error());
  return *limit > 0 ? static_cast<std::uint64_t>(*limit) : 0;
}

caf::expected<std::uint64_t> read_crew_skip(const call& x) {
  auto skip = read_integer(x, "skip", 0);
  if (!skip)
    return std::move(skip.error());
  if (*skip < 0)
    return must_be("skip", "a number of at least 0", *x.text("skip"));
  return static_cast<std::uint64_t>(*skip);
}

caf::expected<std::string> read_crew_id(const call& x) {
  auto id = x.path("id");
  for (auto& c : id)
    c = static_cast<char>(std::tolower(c));
  if (!key_of_object_id(id))
    return must_be("id", "24 hexadecimal digits", x.path("id"));
  return id;
}

void reply_task(const call_ptr& x, const stored_tasks& found) {
  x->reply(200, found.tasks.empty() ? "null" : to_json(found.tasks.front()));
}

void reply_group(const call_ptr& x, const task_groups& found) {
  x->reply(200, found.groups.empty() ? "null" : to_json(found.groups.front()));
}

void create_once(const call_ptr& x, std::string_view kind, create_tasks wanted,
                 std::function<void(const created_tasks&)> answer) {
  auto key = key_of(*x);
  if (!check_key(*x, key))
    return;
  if (!key.empty())
    wanted.token = fmt::format("{}/{}/{}", kind, wanted.group_id, key);
  x->ask_of<created_tasks>(
    x->under().tasks, std::move(wanted),
    [x, key, answer = std::move(answer)](const created_tasks& made) {
      if (!key.empty())
        x->under().keys.remember(key, x->request().body);
      answer(made);
    },
    std::chrono::minutes{10});
}

std::string render_removal(std::size_t count) {
  return fmt::format(R"({{"acknowledged":true,"deletedCount":{}}})", count);
}

route crew_route(route x) {
  x.speaks = dialect::crew;
  return x;
}

} // namespace orc::server
