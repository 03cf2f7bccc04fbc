#pragma once

#include "persistence/run_book.hpp"

#include <caf/error.hpp>

#include <string>
#include <string_view>

namespace orc::kvs {

// What happened to a run book, as text that can be read again: each entry has a
// line that tells kind and lengths, then its bytes. Reading an entry twice is
// the same as once.
//
//     run 17 812 40\n<record><input>\n       its record and input
//     run 17 830 -\n<record>\n               its record; the input stays
//     drop 17\n                              it is gone
//     keys 17\n                              no key up to this is given again
//     token 9 46\n<name><token>\n            an account that came with a run

/// @param input not written if empty.
void write_run(const run_record& record, const json_text& input,
               std::string& to);

void write_drop(run_key key, std::string& to);

void write_token(const stored_account& account, std::string& to);

/// Writes all that a book holds.
std::string write_book(const run_book& book);

/// Reads entries into a book.
/// @returns `ec::store_corrupt` if they make no sense.
[[nodiscard]] caf::error read_entries(std::string_view text, run_book& book);

} // namespace orc::kvs
