#include "persistence/kvs/opening.hpp"

#include "messages/base/error.hpp"
#include "persistence/instance.hpp"
#include "persistence/kvs/entries.hpp"
#include "persistence/kvs/log.hpp"
#include "persistence/kvs/payloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <sodium.h>
#include <utility>

namespace orc::kvs {

namespace {

/// Copies that start at the same time all get their turn, or something is
/// badly wrong.
constexpr int most_rounds = 5;

std::string to_hex(std::string_view bytes) {
  std::string result(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(result.data(), result.size(),
                 reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  result.pop_back();
  return result;
}

std::string from_hex(const std::string& text) {
  std::string result(text.size() / 2, '\0');
  std::size_t size = 0;
  sodium_hex2bin(reinterpret_cast<unsigned char*>(result.data()), result.size(),
                 text.data(), text.size(), nullptr, &size, nullptr);
  result.resize(size);
  return result;
}

std::string make_writer() {
  return fmt::format("{:08x}", std::random_device{}());
}

} // namespace

caf::expected<opened_store> opening::open() {
  if (sodium_init() < 0)
    return make_error(ec::store_failed, "libsodium finds no random numbers");
  auto steps
    = {&opening::read_lock, &opening::unlock_records,   &opening::find_head,
       &opening::take_over, &opening::begin_generation, &opening::find_rubbish};
  for (auto step : steps)
    if (auto err = (this->*step)())
      return err;
  result_.options = options_;
  result_.mine = mine_;
  result_.wrapping = envelope_;
  log.info("store-opened", "prefix={} epoch={} runs={} encrypted={}",
           options_.prefix, mine_.epoch, result_.book.runs().size(),
           envelope_.seals());
  return std::move(result_);
}

caf::error opening::read_lock() {
  auto bytes = records_.get(names_.lock());
  if (!bytes)
    return std::move(bytes.error());
  if (*bytes) {
    auto record = envelope{}.unwrap(**bytes, names_.lock());
    if (!record)
      return std::move(record.error());
    auto x = read_claim(record->payload);
    if (!x)
      return std::move(x.error());
    before_ = std::move(*x);
  }
  mine_ = before_.value_or(claim{});
  mine_.writer = make_writer();
  mine_.owner = options_.owner.empty() ? "-" : options_.owner;
  return {};
}

/// Makes the key. Whether it is the right one shows when the state is read.
caf::error opening::unlock_records() {
  if (!before_) {
    mine_.instance = make_instance();
    if (!options_.encryption_key.empty())
      mine_.salt = to_hex(make_salt());
  }
  auto advice = options_.encryption_key.empty()
                  ? "is encrypted: give the encryption key"
                  : "is not encrypted: leave the encryption key out, or choose "
                    "another prefix";
  if (options_.encryption_key.empty() != (mine_.salt == "-"))
    return make_error(ec::wrong_key, fmt::format("the state under {} {}",
                                                 names_.prefix(), advice));
  if (options_.encryption_key.empty())
    return {};
  auto key = obtain_key({options_.encryption_key, {}}, from_hex(mine_.salt),
                        missing_key::refuse);
  if (!key)
    return std::move(key.error());
  envelope_ = envelope{*key};
  return {};
}

caf::error opening::find_head() {
  auto heads = records_.list(names_.heads());
  if (!heads)
    return std::move(heads.error());
  heads_ = std::move(*heads);
  auto is_there = [this](const std::string& key) {
    return std::find(heads_.begin(), heads_.end(), key) != heads_.end();
  };
  if (before_ && is_there(names_.head(*before_)))
    head_key_ = names_.head(*before_);
  else if (before_ && before_->from != "-")
    head_key_ = before_->from;
  if (head_key_.empty() ? heads_.empty() : is_there(head_key_))
    return head_key_.empty() ? check_empty() : caf::error{};
  return make_error(ec::store_corrupt,
                    fmt::format("record {} is missing, but there are others of "
                                "the store. Nothing was changed; put it back, "
                                "or choose another prefix",
                                before_ ? head_key_ : names_.lock()));
}

/// A new store may have the LOCK and the base of one that was interrupted, but
/// no journal.
caf::error opening::check_empty() {
  auto keys = records_.list(names_.prefix());
  if (!keys)
    return std::move(keys.error());
  for (const auto& key : *keys)
    if (names_.is_of_writer(key) && key.find("-J") != std::string::npos)
      return make_error(ec::store_corrupt,
                        fmt::format("there is {}, but no record {}…: the store "
                                    "is damaged. Nothing was changed",
                                    key, names_.heads()));
  return {};
}

caf::error opening::read_state() {
  if (head_key_.empty())
    return {};
  auto state = recovery{records_, names_, envelope_}.read(head_key_);
  if (!state)
    return std::move(state.error());
  found_ = std::move(*state);
  return {};
}

caf::expected<std::string> opening::newcomer() {
  auto heads = records_.list(names_.heads());
  if (!heads)
    return std::move(heads.error());
  auto known = std::exchange(heads_, *heads);
  std::erase_if(*heads, [&](const std::string& key) {
    return std::find(known.begin(), known.end(), key) != known.end();
  });
  return heads->empty() ? std::string{} : heads->back();
}

caf::error opening::take_over() {
  for (int round = 0; round < most_rounds; ++round) {
    if (auto err = read_state())
      return err;
    ++mine_.epoch;
    mine_.from = head_key_.empty() ? "-" : head_key_;
    auto lock = envelope{}.wrap({write_claim(mine_), false}, names_.lock());
    if (auto err = records_.put(names_.lock(), std::move(lock)))
      return err;
    auto other = newcomer();
    if (!other)
      return std::move(other.error());
    if (other->empty()) {
      if (!found_)
        return {};
      auto more = recovery{records_, names_, envelope_}.read_on(*found_);
      return more ? caf::error{} : std::move(more.error());
    }
    head_key_ = std::move(*other);
  }
  return make_error(ec::store_locked,
                    fmt::format("other copies of this orchestrator keep taking "
                                "the state under {}: see that one runs",
                                names_.prefix()));
}

caf::error opening::put_all(const std::string& text, const std::string& stem) {
  auto& current = result_.generations.current;
  current = {stem, 0, 0};
  for (auto& x : cut(text)) {
    auto key = names_.base(stem, ++current.base_records);
    if (auto err = records_.put(key, envelope_.wrap(x, key)))
      return err;
  }
  return {};
}

caf::error opening::begin_generation() {
  if (found_) {
    // A damaged base is of no use to anybody.
    if (!found_->repaired)
      result_.generations.previous = found_->generations.current;
    result_.book = std::move(found_->book);
  }
  auto text = write_book(result_.book);
  result_.base_bytes = text.size();
  if (auto err = put_all(text, names_.stem(mine_, 0)))
    return err;
  auto key = names_.head(mine_);
  return records_.put(
    key, envelope_.wrap({write_head(result_.generations), false}, key));
}

/// Of a writer before the last one, or of one that was interrupted.
caf::error opening::find_rubbish() {
  auto keys = records_.list(names_.prefix());
  if (!keys)
    return std::move(keys.error());
  const auto& previous = result_.generations.previous;
  std::erase_if(*keys, [&](const std::string& key) {
    auto of = [&](const std::string& stem) {
      return key.starts_with(names_.prefix() + stem + "-");
    };
    return key == names_.lock() || key == names_.head(mine_)
           || of(result_.generations.current.stem)
           || (previous && of(previous->stem)) || !names_.is_of_writer(key);
  });
  result_.rubbish = std::move(*keys);
  return {};
}

} // namespace orc::kvs
