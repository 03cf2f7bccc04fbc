#include "messages/json/platform_events.hpp"

#include "messages/json/read_document.hpp"

namespace orc {

platform_event read_platform_event(std::string_view frame) {
  rapidjson::Document in;
  platform_event result;
  if (json::read_document(frame, in) || !in.IsObject())
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
