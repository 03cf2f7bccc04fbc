#include "messages/json/platform_events.hpp"

#include <rapidjson/document.h>

namespace orc {

platform_event read_platform_event(std::string_view frame) {
  rapidjson::Document in;
  in.Parse<rapidjson::kParseIterativeFlag>(frame.data(), frame.size());
  platform_event result;
  if (in.HasParseError() || !in.IsObject())
    return result;
  auto name = in.FindMember("name");
  if (name == in.MemberEnd() || !name->value.IsString())
    return result;
  result.kind = parse_enum<platform_event_kind>(
                  {name->value.GetString(), name->value.GetStringLength()})
                  .value_or(platform_event_kind::other);
  auto data = in.FindMember("data");
  if (data == in.MemberEnd() || !data->value.IsObject())
    return result;
  auto left = data->value.FindMember("timeRemainingSecs");
  if (left != data->value.MemberEnd() && left->value.IsNumber())
    result.seconds_left = left->value.GetDouble();
  return result;
}

} // namespace orc
