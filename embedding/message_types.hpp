#pragma once

namespace caf {
class actor_system_config;
} // namespace caf

namespace orc {

/// Makes our messages, typed actors and error codes known to an actor system:
/// call it once, in the constructor of the host's configuration.
///
///     struct config : caf::actor_system_config {
///       config() { orc::add_message_types(*this); }
///     };
///
/// Inside one process only the text of errors depends on it. What crosses the
/// network by CAF's middleman (`publish`, `remote_actor`) must be known on both
/// sides, which must be of the same version of this library.
///
/// What can cross: what one says to the ORCHESTRATOR, EVENTS, READINGS and
/// READERs, BATCHES, SPLITS, TASKS and OPERATORS. A store or a platform of the
/// host's own must be in the same process. Tokens that come with a run travel
/// as they are: across machines use `caf::openssl`.
///
/// Names are those of C++, `orc::submit_runs`; ids of types are not used.
void add_message_types(caf::actor_system_config& config);

} // namespace orc
