#include "persistence/kvs/manifest.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <sstream>

namespace orc::kvs {

namespace {

caf::error senseless(std::string_view what) {
  return make_error(ec::store_corrupt, fmt::format("{} makes no sense", what));
}

/// Keys have at most 256 characters; ours add up to 32.
constexpr std::size_t max_prefix = 200;

} // namespace

std::string write_claim(const claim& x) {
  return fmt::format("claim {} {} {} {} {} {}\n", x.epoch, x.writer, x.instance,
                     x.owner, x.salt, x.from);
}

caf::expected<claim> read_claim(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::string kind;
  claim result;
  in >> kind >> result.epoch >> result.writer >> result.instance >> result.owner
    >> result.salt >> result.from;
  if (!in || kind != "claim")
    return senseless("the record LOCK");
  return result;
}

std::string write_head(const head& x) {
  auto result
    = fmt::format("current {} {}\n", x.current.stem, x.current.base_records);
  if (x.previous)
    result
      += fmt::format("previous {} {} {}\n", x.previous->stem,
                     x.previous->base_records, x.previous->journal_records);
  return result;
}

caf::expected<head> read_head(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::string kind;
  head result;
  in >> kind >> result.current.stem >> result.current.base_records;
  if (!in || kind != "current")
    return senseless("the record HEAD");
  if (!(in >> kind))
    return result;
  auto& previous = result.previous.emplace();
  in >> previous.stem >> previous.base_records >> previous.journal_records;
  if (!in || kind != "previous")
    return senseless("the record HEAD");
  return result;
}

std::string record_names::lock() const {
  return prefix_ + "LOCK";
}

std::string record_names::heads() const {
  return prefix_ + "HEAD-";
}

std::string record_names::head(const claim& x) const {
  return fmt::format("{}{:08}-{}", heads(), x.epoch, x.writer);
}

std::string record_names::stem(const claim& x, std::uint32_t number) const {
  return fmt::format("{:08}-{}-{}", x.epoch, x.writer, number);
}

std::string
record_names::base(const std::string& stem, std::uint32_t number) const {
  return fmt::format("{}{}-B{:05}", prefix_, stem, number);
}

std::string
record_names::journal(const std::string& stem, std::uint32_t number) const {
  return fmt::format("{}{}-J{:06}", prefix_, stem, number);
}

bool record_names::is_of_writer(std::string_view key) const {
  if (!key.starts_with(prefix_))
    return false;
  auto rest = key.substr(prefix_.size());
  if (rest.starts_with("HEAD-"))
    rest.remove_prefix(5);
  // An epoch of 8 digits and a writer.
  return rest.size() >= 17 && rest[8] == '-'
         && rest.substr(0, 8).find_first_not_of("0123456789")
              == std::string_view::npos
         && rest.substr(9, 8).find_first_not_of("0123456789abcdef")
              == std::string_view::npos;
}

std::string prefix_problem(std::string_view prefix) {
  constexpr std::string_view allowed
    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!-_.'()";
  if (prefix.empty() || prefix.size() > max_prefix
      || prefix.find_first_not_of(allowed) != std::string_view::npos)
    return fmt::format("must have 1 to {} letters, digits and `!-_.'()`, not "
                       "`{}`",
                       max_prefix, prefix);
  return {};
}

} // namespace orc::kvs
