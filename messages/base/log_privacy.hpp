#pragma once

#include <string>
#include <string_view>

namespace orc {

/// Sets whether ids and URLs of platform runs and storages are left out of log
/// lines from now on; they are, unless this says otherwise. For the start of a
/// program.
void hide_sensitive(bool hides);

/// @returns the details of a log line with `***` in place of the values of
///          `runId`, `datasetId`, … and of URLs, and of ids that sentences name
///          as such: `platform run HG7ML7M8z78YcAPEB`.
std::string without_sensitive(std::string_view details);

} // namespace orc
