#include "messages/json/parent_refs.hpp"

#include "messages/base/error.hpp"
#include "messages/json/codec.hpp"
#include "messages/json/read_document.hpp"

#include <fmt/format.h>
#include <rapidjson/pointer.h>

namespace orc {

namespace {

using rapidjson::Document;
using rapidjson::Value;

class resolver {
public:
  explicit resolver(Document& input) : input_{input} {
    // nop
  }

  caf::error add(const task_parent& x) {
    rapidjson::StringBuffer buffer;
    json::writer out{buffer};
    json::put(out, x);
    Document one{&input_.GetAllocator()};
    if (auto problem
        = json::read_document({buffer.GetString(), buffer.GetSize()}, one))
      return make_error(ec::bad_json, problem->what);
    Value& value = one;
    parents_.PushBack(value, input_.GetAllocator());
    return {};
  }

  caf::error resolve(Value& x) {
    if (x.IsObject() && x.MemberCount() == 1) {
      auto name = std::string_view{x.MemberBegin()->name.GetString()};
      if (name == "$parent")
        return replace(x, false);
      if (name == "$parents")
        return replace(x, true);
    }
    caf::error problem;
    if (x.IsObject())
      for (auto& member : x.GetObject())
        if (!problem)
          problem = resolve(member.value);
    if (x.IsArray())
      for (auto& element : x.GetArray())
        if (!problem)
          problem = resolve(element);
    return problem;
  }

private:
  caf::error replace(Value& x, bool all) {
    const auto& text = x.MemberBegin()->value;
    if (!text.IsString())
      return make_error(ec::bad_field, "$parent: must be a JSON pointer such "
                                       "as /output/defaultDatasetId");
    auto pointer = rapidjson::Pointer{text.GetString(), text.GetStringLength()};
    Value found{rapidjson::kArrayType};
    for (auto& parent : parents_.GetArray()) {
      const auto* value = pointer.IsValid() ? pointer.Get(parent) : nullptr;
      if (!value)
        break;
      found.PushBack(Value{*value, input_.GetAllocator()},
                     input_.GetAllocator());
      if (!all)
        break;
    }
    auto wanted = all ? parents_.Size() : 1;
    if (found.Size() < wanted || parents_.Empty())
      return make_error(ec::bad_field,
                        fmt::format("$parent: `{}` leads to nothing in what "
                                    "the parents made",
                                    text.GetString()));
    if (all)
      x = found;
    else
      x = found[0];
    return {};
  }

  Document& input_;
  Value parents_{rapidjson::kArrayType};
};

} // namespace

caf::expected<json_text>
resolve_parents(const json_text& input,
                const std::vector<task_parent>& parents) {
  // Most refer to nothing, and stay as they were written.
  if (input.view().find("\"$parent") == std::string_view::npos)
    return input;
  Document document;
  if (auto problem = json::read_document(input.view(), document))
    return make_error(ec::bad_json, problem->what);
  resolver work{document};
  for (const auto& x : parents)
    if (auto err = work.add(x))
      return err;
  if (auto err = work.resolve(document))
    return err;
  rapidjson::StringBuffer buffer;
  json::writer out{buffer};
  document.Accept(out);
  return json_text{{buffer.GetString(), buffer.GetSize()}};
}

} // namespace orc
