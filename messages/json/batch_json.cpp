// Batches, as JSON.

#include "messages/batch_submission.hpp"
#include "messages/batches.hpp"
#include "messages/json/codec.hpp"

namespace orc {

template std::string to_json(const batch_record&);
template std::string to_json(const batch_view&);
template std::string to_json(const batch_views&);
template std::string to_json(const batch_change&);

template caf::expected<batch_record> from_json(std::string_view);
template caf::expected<batch_view> from_json(std::string_view);
template caf::expected<batch_views> from_json(std::string_view);
template caf::expected<batch_change> from_json(std::string_view);
template caf::expected<batch_submission> from_json(std::string_view);

} // namespace orc
