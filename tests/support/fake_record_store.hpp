#pragma once

#include "messages/apify_storage.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace orc::test {

/// A key-value store in memory. Shared by the actors that serve it, so that a
/// test can look into it, damage it and make calls fail.
class fake_record_store {
public:
  using records = std::map<std::string, std::string>;

  records all() {
    std::lock_guard guard{mutex_};
    return records_;
  }

  void set(const std::string& key, std::string body) {
    std::lock_guard guard{mutex_};
    records_[key] = std::move(body);
  }

  void erase(const std::string& key) {
    std::lock_guard guard{mutex_};
    records_.erase(key);
  }

  void replace_all(records x) {
    std::lock_guard guard{mutex_};
    records_ = std::move(x);
  }

  /// Called with each key before it is put: what it returns is answered
  /// instead.
  std::function<caf::error(const std::string&)> before_put;
  /// Called with each key after it was put.
  std::function<void(const std::string&)> after_put;

  caf::result<storage_changed> put(const put_record& x) {
    if (before_put)
      if (auto err = before_put(x.key))
        return err;
    set(x.key, std::string{x.body.view()});
    if (after_put)
      after_put(x.key);
    return storage_changed{};
  }

  caf::result<stored_record> get(const get_record& x) {
    std::lock_guard guard{mutex_};
    auto i = records_.find(x.key);
    if (i == records_.end())
      return make_error(ec::not_found, "no such record");
    return stored_record{json_text{i->second}};
  }

  /// Pages of three keys.
  record_keys list(const list_records& x) {
    std::lock_guard guard{mutex_};
    record_keys result;
    for (auto i = records_.upper_bound(x.after); i != records_.end(); ++i) {
      if (!i->first.starts_with(x.prefix))
        continue;
      if (result.keys.size() == 3) {
        result.next = result.keys.back();
        break;
      }
      result.keys.push_back(i->first);
    }
    return result;
  }

private:
  std::mutex mutex_;
  records records_;
};

using fake_record_store_ptr = std::shared_ptr<fake_record_store>;

inline apify_storage_actor::behavior_type
fake_storage(apify_storage_actor::pointer, fake_record_store_ptr store) {
  auto& s = *store;
  return {
    [](const open_record_store& x) { return record_store{x.name}; },
    [&s, store](const get_record& x) { return s.get(x); },
    [&s](const put_record& x) { return s.put(x); },
    [&s](const delete_record& x) {
      s.erase(x.key);
      return storage_changed{};
    },
    [&s](const list_records& x) { return s.list(x); },
    [](const find_dataset& x) {
      return remote_dataset{x.dataset_id, {}};
    },
    [](const open_dataset& x) {
      return remote_dataset{x.name, {}};
    },
    [](const push_items&) { return storage_changed{}; },
    [](const set_status_message&) { return storage_changed{}; },
    [](const reboot_remote_run&) { return storage_changed{}; },
  };
}

} // namespace orc::test
