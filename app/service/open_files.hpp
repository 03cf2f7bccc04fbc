#pragma once

namespace orc::app {

/// Lets this process, and what it starts, have as many open files as it may,
/// up to 65,536: a client that waits costs one, and one more if it waits for
/// the platform. Shells and containers often begin with 1024.
void raise_file_limit();

} // namespace orc::app
