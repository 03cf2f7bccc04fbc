#include "app/cli/client_flags.hpp"
#include "app/results/csv.hpp"
#include "app/results/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace orc::app {

namespace {

struct items_flags {
  std::string format;
  std::string output;
};

std::uint64_t count_items(const std::string& page, items_format format) {
  if (format == items_format::csv)
    return std::max<std::size_t>(parse_csv(page).size(), 1) - 1;
  auto lines = std::count(page.begin(), page.end(), '\n');
  auto rest = !page.empty() && !page.ends_with('\n');
  return static_cast<std::uint64_t>(lines) + (rest ? 1 : 0);
}

int items(const client_flags& flags, const std::vector<std::string>& names,
          const items_flags& x) {
  if (names.empty())
    return fail("give the NAME of a run at least");
  auto client = connect(flags);
  auto format = format_of(x.format, x.output);
  auto read = [&](const run_ref& ref,
                  const get_items& page) -> caf::expected<items_page> {
    auto query = fmt::format("/items?format={}&offset={}&limit={}", page.format,
                             page.offset, page.limit);
    auto body = client->get(api_client::path_of(ref, query));
    if (!body)
      return about(ref.name, body.error());
    auto count = count_items(*body, format);
    return items_page{json_text{std::move(*body)}, count, 0};
  };
  std::vector<run_ref> refs;
  for (const auto& name : names)
    refs.push_back({flags.space, name});
  auto count = x.output.empty() ? print_items(refs, format, read)
                                : merge_items(refs, x.output, format, read);
  if (!count)
    return fail(count.error());
  if (!x.output.empty())
    fmt::print(stderr, "{} items in {}\n", *count, x.output);
  return all_succeeded;
}

} // namespace

void add_items(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "items", "Prints what runs have produced, one after the other.");
  auto names = add_names(*command);
  auto x = std::make_shared<items_flags>();
  command->add_option("--format", x->format, "ndjson if not given.")
    ->check(CLI::IsMember({"ndjson", "json", "csv"}));
  command->add_option("--output", x->output, "File to write instead.")
    ->type_name("FILE");
  auto flags = add_client_flags(*command);
  command->footer("Examples:\n  apify-orchestrator items job-1 | jq .url\n"
                  "  apify-orchestrator items job-1 job-2 --output all.csv");
  command->callback([=, &action] {
    action = [=] {
      auto wishes = *x;
      if (flags->json && wishes.format.empty())
        wishes.format = "json";
      return items(*flags, *names, wishes);
    };
  });
}

} // namespace orc::app
