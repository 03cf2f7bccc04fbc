#include "persistence/kvs/record_client.hpp"

#include <utility>

namespace orc::kvs {

caf::expected<record_client::bytes> record_client::get(const std::string& key) {
  auto found = get(std::vector{key});
  if (!found)
    return std::move(found.error());
  return std::move(found->front());
}

caf::expected<std::vector<record_client::bytes>>
record_client::get(const std::vector<std::string>& keys) {
  using handle
    = decltype(self_->request(storage_, caf::infinite, get_record{}));
  std::vector<handle> asked;
  for (const auto& key : keys)
    asked.push_back(
      self_->request(storage_, caf::infinite, get_record{store_id_, key}));
  std::vector<bytes> result(keys.size());
  caf::error problem;
  for (std::size_t i = 0; i < asked.size(); ++i)
    asked[i].receive(
      [&](const stored_record& x) { result[i].emplace(x.body.view()); },
      [&](caf::error& x) {
        if (code_of(x) != ec::not_found)
          problem = std::move(x);
      });
  if (problem)
    return problem;
  return result;
}

caf::error record_client::put(const std::string& key, std::string body) {
  caf::error problem;
  self_
    ->request(storage_, caf::infinite,
              put_record{store_id_, key, record_type,
                         json_text{std::move(body)}})
    .receive([](storage_changed) {},
             [&](caf::error& x) { problem = std::move(x); });
  return problem;
}

caf::expected<std::vector<std::string>>
record_client::list(const std::string& prefix) {
  std::vector<std::string> result;
  caf::error problem;
  list_records request{store_id_, prefix, {}};
  do {
    self_->request(storage_, caf::infinite, request)
      .receive(
        [&](record_keys& x) {
          for (auto& key : x.keys)
            result.push_back(std::move(key));
          request.after = std::move(x.next);
        },
        [&](caf::error& x) { problem = std::move(x); });
    if (problem)
      return problem;
  } while (!request.after.empty());
  return result;
}

} // namespace orc::kvs
