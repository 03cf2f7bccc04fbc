#include "persistence/kvs/entries.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <optional>

namespace orc::kvs {

namespace {

template <class... Ts>
void append(std::string& to, fmt::format_string<Ts...> text, Ts&&... xs) {
  fmt::format_to(std::back_inserter(to), text, std::forward<Ts>(xs)...);
}

/// Reads one entry after the other.
class entry_reader {
public:
  entry_reader(std::string_view text, run_book& book)
    : text_{text}, book_{book} {
    // nop
  }

  caf::error read() {
    while (!text_.empty()) {
      auto at = text_;
      if (!read_one())
        return make_error(
          ec::store_corrupt,
          fmt::format("an entry cannot be read: {}",
                      at.substr(0, at.find('\n')).substr(0, 80)));
    }
    return {};
  }

private:
  bool read_one() {
    auto kind = word();
    if (kind == "run")
      return read_run();
    if (kind == "token")
      return read_token();
    auto key = number();
    if (!key || !take('\n'))
      return false;
    if (kind == "drop")
      book_.drop({*key});
    else if (kind == "keys")
      book_.skip_keys({*key});
    else
      return false;
    return true;
  }

  bool read_run() {
    auto key = number();
    auto size = number();
    auto input_size = text_.starts_with("-\n") ? dash() : number();
    if (!key || !size || !input_size || !take('\n'))
      return false;
    auto record = from_json<run_record>(bytes(*size));
    auto input = bytes(*input_size);
    if (!record || !take('\n'))
      return false;
    record->key = {*key};
    book_.put(*record, json_text{std::string{input}});
    return true;
  }

  bool read_token() {
    auto size = number();
    auto token_size = number();
    if (!size || !token_size || !take('\n'))
      return false;
    auto name = std::string{bytes(*size)};
    auto token = secret{std::string{bytes(*token_size)}};
    book_.save_token({{std::move(name), std::move(token)}});
    return take('\n');
  }

  std::string_view word() {
    auto end = std::min(text_.find_first_of(" \n"), text_.size());
    auto result = text_.substr(0, end);
    text_.remove_prefix(end);
    take(' ');
    return result;
  }

  std::optional<std::uint64_t> number() {
    auto text = word();
    std::uint64_t result = 0;
    auto end = text.data() + text.size();
    auto [stop, problem] = std::from_chars(text.data(), end, result);
    if (problem != std::errc{} || stop != end)
      return std::nullopt;
    return result;
  }

  std::optional<std::uint64_t> dash() {
    word();
    return 0;
  }

  std::string_view bytes(std::uint64_t size) {
    auto result = text_.substr(0, size);
    text_.remove_prefix(result.size());
    return result;
  }

  bool take(char c) {
    if (!text_.starts_with(c))
      return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
  run_book& book_;
};

} // namespace

void write_run(const run_record& record, const json_text& input,
               std::string& to) {
  auto text = to_json(record);
  auto size
    = input.empty() ? std::string{"-"} : std::to_string(input.view().size());
  append(to, "run {} {} {}\n", record.key.value, text.size(), size);
  to.append(text).append(input.view()).append("\n");
}

void write_drop(run_key key, std::string& to) {
  append(to, "drop {}\n", key.value);
}

void write_token(const stored_account& account, std::string& to) {
  const auto& token = account.token.reveal();
  append(to, "token {} {}\n", account.name.size(), token.size());
  to.append(account.name).append(token).append("\n");
}

std::string write_book(const run_book& book) {
  auto result = fmt::format("keys {}\n", book.last_key().value);
  for (const auto& x : book.accounts({}).accounts)
    write_token(x, result);
  for (const auto& [key, x] : book.runs())
    write_run(x.record, x.input, result);
  return result;
}

caf::error read_entries(std::string_view text, run_book& book) {
  return entry_reader{text, book}.read();
}

} // namespace orc::kvs
