#include "messages/json/crew_requests.hpp"

#include "messages/base/error.hpp"
#include "messages/json/codec.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

namespace orc {

template std::string to_json(const task&);
template std::string to_json(const task_group&);
template std::string to_json(const task_channel&);
template std::string to_json(const task_parent&);
template std::string to_json(const task_definition&);
template caf::expected<task> from_json(std::string_view);
template caf::expected<task_group> from_json(std::string_view);
template caf::expected<task_channel> from_json(std::string_view);

namespace {

constexpr std::int64_t default_attempts = 5;
constexpr double default_error_delay = 30;

/// What a reset or a retry gives where nobody says how many.
constexpr std::int64_t attempts_again = 2;

/// 0 is a wish here, where it stands for the default everywhere else.
double read_error_delay(raw_object& in) {
  constexpr auto name = "errorDelayInSeconds";
  auto given = in.number(name, 0);
  auto raw = in.raw(name);
  auto is_number
    = !raw.empty()
      && std::string_view{"-0123456789"}.find(raw[0]) != std::string_view::npos;
  return is_number ? given : default_error_delay;
}

/// @returns ids as they are shown: in lower case.
std::optional<std::vector<std::string>>
read_ids(raw_object& in, std::string_view name) {
  auto result = in.texts(name);
  if (result)
    for (auto& id : *result)
      for (auto& c : id)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

task_definition read_definition(raw_object& in) {
  task_definition x;
  x.name = in.text("name");
  x.channel = in.text("channel");
  x.workgroup = in.text("workgroup");
  x.key = in.text("key");
  x.remaining_attempts = in.integer("remainingAttempts", default_attempts);
  x.priority = in.number("priority", 0);
  x.run_after = in.time("runAfter");
  x.progress_weight = in.number("progressWeight", 1);
  x.is_seed = in.flag("isSeed");
  x.error_delay_secs = read_error_delay(in);
  x.fails_on_lease_end = in.flag("failOnLeaseEnd");
  x.input = in.any("input");
  return x;
}

caf::expected<task_child>
read_child(std::string_view text, std::string_view list, std::size_t index) {
  auto in = raw_object::read(text, fmt::format("{}[{}]", list, index));
  if (!in)
    return std::move(in.error());
  task_child result;
  result.task = read_definition(*in);
  // What a release makes hangs on its task and on siblings alone.
  if (list != "children")
    result.task.parent_ids = read_ids(*in, "parentIds");
  if (auto raw = in->raw("_child_id"); !raw.empty() && raw != "null") {
    // A string or a number: what siblings call it.
    auto is_text = raw.starts_with('"');
    result.child_id
      = is_text ? in->text("_child_id").value_or("") : std::string{raw};
  }
  result.parents
    = in->texts("_parent_ids").value_or(std::vector<std::string>{});
  if (in->problem())
    return in->problem();
  return result;
}

caf::expected<std::vector<task_child>>
read_children(const std::vector<std::string>& texts, std::string_view list) {
  std::vector<task_child> result;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto child = read_child(texts[i], list, i);
    if (!child)
      return std::move(child.error());
    result.push_back(std::move(*child));
  }
  return result;
}

/// A field that is given replaces what is there, whatever its value.
template <class T, class F>
void replace(const raw_object& in, std::string_view name, T& x, F read) {
  if (in.has(name))
    x = read();
}

template <class T>
std::string render_array(const std::vector<T>& xs) {
  rapidjson::StringBuffer buffer;
  json::writer out{buffer};
  json::put(out, xs);
  return {buffer.GetString(), buffer.GetSize()};
}

} // namespace

caf::expected<create_task_group> read_crew_group(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  create_task_group result;
  result.name = in->text("name").value_or("");
  result.is_paused = in->flag("isPaused");
  if (in->problem())
    return in->problem();
  return result;
}

caf::expected<task_definition> read_crew_task(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  auto result = read_definition(*in);
  result.parent_ids = read_ids(*in, "parentIds");
  if (in->problem())
    return in->problem();
  return result;
}

caf::expected<std::vector<task_child>> read_crew_tasks(std::string_view body) {
  // Read as the one member of an object.
  auto in = raw_object::read(fmt::format(R"({{"tasks":{}}})", body));
  if (!in)
    return std::move(in.error());
  if (in->names().size() > 1)
    return make_error(ec::bad_json, "the body must be one JSON value");
  auto texts = in->array("tasks");
  if (in->problem())
    return in->problem();
  return read_children(texts.value_or(std::vector<std::string>{}), "tasks");
}

caf::expected<task_definition>
edit_crew_task(const task& x, std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  task_definition y{x.name,
                    x.channel,
                    x.workgroup,
                    x.key,
                    x.remaining_attempts,
                    x.priority,
                    x.run_after,
                    x.progress_weight,
                    x.is_seed,
                    x.error_delay_secs,
                    x.fails_on_lease_end.value_or(false),
                    x.input,
                    x.parent_ids};
  replace(*in, "name", y.name, [&] { return in->text("name"); });
  replace(*in, "channel", y.channel, [&] { return in->text("channel"); });
  replace(*in, "workgroup", y.workgroup, [&] { return in->text("workgroup"); });
  replace(*in, "key", y.key, [&] { return in->text("key"); });
  replace(*in, "remainingAttempts", y.remaining_attempts,
          [&] { return in->integer("remainingAttempts", 0); });
  replace(*in, "priority", y.priority,
          [&] { return in->number("priority", 0); });
  replace(*in, "runAfter", y.run_after, [&] { return in->time("runAfter"); });
  replace(*in, "progressWeight", y.progress_weight,
          [&] { return in->number("progressWeight", 0); });
  replace(*in, "isSeed", y.is_seed, [&] { return in->flag("isSeed"); });
  replace(*in, "errorDelayInSeconds", y.error_delay_secs,
          [&] { return read_error_delay(*in); });
  replace(*in, "failOnLeaseEnd", y.fails_on_lease_end,
          [&] { return in->flag("failOnLeaseEnd"); });
  replace(*in, "input", y.input,
          [&] { return json_text{std::string{in->raw("input")}}; });
  replace(*in, "parentIds", y.parent_ids,
          [&] { return read_ids(*in, "parentIds"); });
  if (in->problem())
    return in->problem();
  return y;
}

caf::expected<release_task> read_crew_release(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  release_task result;
  result.worker = in->text("workerId").value_or("");
  result.output = in->any("output");
  result.error = in->any("error");
  result.workgroup_delay_secs = in->number("workgroupDelayInSeconds", 0);
  result.children_delay_secs = in->number("childrenDelayInSeconds", 0);
  auto children = read_children(
    in->array("children").value_or(std::vector<std::string>{}), "children");
  if (!children)
    return std::move(children.error());
  result.children = std::move(*children);
  if (in->problem())
    return in->problem();
  return result;
}

caf::expected<std::int64_t> read_crew_attempts(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  auto result = in->integer("remainingAttempts", attempts_again);
  if (in->problem())
    return in->problem();
  return result;
}

caf::expected<crew_worker> read_crew_worker(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  crew_worker result;
  result.id = in->text("workerId").value_or("");
  auto secs = in->number("leaseSecs", 0);
  if (in->problem())
    return in->problem();
  if (secs < 0 || secs > 1e7)
    return make_error(ec::bad_field,
                      "leaseSecs: must be a number from 0 to 10000000");
  result.lease = std::chrono::milliseconds{std::llround(secs * 1000)};
  return result;
}

std::string render_crew_assignment(const stored_tasks& x) {
  if (x.tasks.empty())
    return R"({"task":null})";
  return fmt::format(R"({{"task":{},"parents":{}}})", to_json(x.tasks.front()),
                     render_array(x.parents));
}

std::string render_crew_exchange(const stored_tasks& x) {
  const auto& done = x.tasks.front();
  if (x.tasks.size() == 1)
    return fmt::format(R"({{"released":{},"task":null}})", to_json(done));
  return fmt::format(R"({{"released":{},"task":{},"parents":{}}})",
                     to_json(done), to_json(x.tasks.back()),
                     render_array(x.parents));
}

std::string render_crew_tasks(const std::vector<task>& xs) {
  return render_array(xs);
}

std::string render_crew_groups(const std::vector<task_group>& xs) {
  return render_array(xs);
}

std::string render_crew_channels(const std::vector<task_channel>& xs) {
  return render_array(xs);
}

} // namespace orc
