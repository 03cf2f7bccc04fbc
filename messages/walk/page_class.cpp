#include "messages/walk/page_class.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace orc {

namespace {

struct class_register {
  std::mutex mutex;
  std::map<std::string, page_class_factory> classes;
};

class_register& all_classes() {
  static class_register result;
  return result;
}

} // namespace

page_outcome page_class::tell(std::string_view) {
  return {};
}

void register_page_class(const std::string& name, page_class_factory make) {
  std::lock_guard guard{all_classes().mutex};
  all_classes().classes[name] = std::move(make);
}

page_class_factory find_page_class(const std::string& name) {
  std::lock_guard guard{all_classes().mutex};
  auto i = all_classes().classes.find(name);
  return i == all_classes().classes.end() ? page_class_factory{} : i->second;
}

std::vector<std::string> page_class_names() {
  std::lock_guard guard{all_classes().mutex};
  std::vector<std::string> result;
  for (const auto& [name, make] : all_classes().classes)
    result.push_back(name);
  return result;
}

} // namespace orc
