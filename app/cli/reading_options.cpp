#include "app/cli/reading_options.hpp"

#include "app/cli/number_checks.hpp"

namespace orc::app {

namespace {

void add_source(CLI::App& command, reading_flags& x) {
  command.add_option("NAME", x.names, "Names of runs.");
  command
    .add_option("--dataset", x.datasets,
                "Dataset to read, behind the runs: id or user~name.")
    ->type_name("ID");
  command.add_flag("--follow", x.follow,
                   "Go on as long as the runs work, from their first item.");
  auto* ordered = command.add_flag(
    "--ordered", x.ordered,
    "One run after the other; what is done if neither is given, save with "
    "--follow.");
  command
    .add_flag("--unordered", x.unordered,
              "As items come, whichever run has "
              "them.")
    ->excludes(ordered);
}

void add_choice(CLI::App& command, reading_flags& x) {
  command.add_option("--fields", x.fields, "Only these fields.")
    ->type_name("A,B");
  command.add_option("--omit", x.omit, "Without these fields.")
    ->type_name("A,B");
  command.add_flag("--clean", x.clean,
                   "Without empty items and fields that begin with #.");
  command.add_flag("--skip-empty", x.skip_empty, "Without empty items.");
  command.add_flag("--skip-hidden", x.skip_hidden,
                   "Without fields that begin with #.");
  command.add_flag("--desc", x.desc, "Last item of each dataset first.");
  command
    .add_option("--unwind", x.unwind,
                "One item for each element of this field.")
    ->type_name("A");
  command
    .add_option("--flatten", x.flatten,
                "Objects in these fields become dotted names.")
    ->type_name("A,B");
  command.add_option("--view", x.view, "View of the datasets.")
    ->type_name("NAME");
  command.add_option("--offset", x.offset, "Items to skip.")
    ->check(at_least_zero)
    ->type_name("N");
  command.add_option("--limit", x.limit, "Items at most.")
    ->check(at_least_zero)
    ->type_name("N");
  command
    .add_option("--dedupe-by", x.dedupe_by,
                "Leave out items whose values of these fields came before; a.b "
                "is field b of field a.")
    ->delimiter(',')
    ->type_name("A,B");
}

} // namespace

void add_reading_flags(CLI::App& command, reading_flags& x) {
  add_source(command, x);
  add_choice(command, x);
}

} // namespace orc::app
